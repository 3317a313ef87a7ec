/** What a session that is bound to its device costs the app's processor: per request, and per renewal. The table is not in it. */
import { CompactSign, exportJWK, generateKeyPair } from 'jose'
import { realEffects } from '../lib/base/realEffects.ts'
import { newBinding, shown, standingOf } from '../lib/device/boundSession.ts'
import { refreshChallenge } from '../lib/device/challenge.ts'
import { judgeRegistration } from '../lib/device/proof.ts'
import { decideRefresh } from '../lib/device/refresh.ts'
import { openRecord, sealRecord } from '../lib/session/record.ts'
import { bindingIn, boundColumns } from '../lib/session/rows.ts'
import { newTicket } from '../lib/session/ticket.ts'
import type { Subject } from './measure.ts'

export async function boundSessions(): Promise<Subject[]> {
  const { now, random } = realEffects
  const ticket = newTicket(random)
  // As long as a session record is.
  const row = sealRecord(ticket, 'session', { text: 'x'.repeat(1_500) }, random)
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const sign = (challenge: string, header: object = {}): Promise<string> =>
    new CompactSign(new TextEncoder().encode(JSON.stringify({ jti: challenge })))
      .setProtectedHeader({ alg: 'ES256', typ: 'dbsc+jwt', ...header })
      .sign(privateKey)
  const judged = await judgeRegistration(await sign('any', { jwk: await exportJWK(publicKey) }))
  if ('flaw' in judged) throw new Error(`the registration of the benchmark was refused: ${judged.flaw}`)
  const { value, binding: first } = newBinding(judged.key, now(), random)
  const binding = shown(first, now())
  const columns = boundColumns(ticket, binding, random)
  const proof = await sign(refreshChallenge(binding, now(), random))
  const opened = (): void => {
    if (openRecord(ticket, 'session', row) === undefined) throw new Error('the row does not open')
  }
  return [
    {
      name: 'a request of a session that is not bound',
      async operate() {
        opened()
        return standingOf(undefined, undefined, now())
      },
    },
    {
      name: 'a request of a bound one',
      async operate() {
        opened()
        const found = bindingIn(ticket, columns)
        if (found === 'broken' || standingOf(found, value, now()) !== 'bound')
          throw new Error('the bound cookie of the benchmark is not good')
      },
    },
    {
      name: 'a renewal: one signature judged, the binding sealed anew',
      async operate() {
        opened()
        const found = bindingIn(ticket, columns)
        if (found === 'broken' || found === undefined) throw new Error('the binding does not open')
        const decision = await decideRefresh(found, proof, now(), random)
        if (decision.kind !== 'granted') throw new Error('the proof of the benchmark is not good')
        boundColumns(ticket, decision.next, random)
        refreshChallenge(decision.next, now(), random)
      },
    },
  ]
}
