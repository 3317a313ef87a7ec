/** A browser that has bound its session to its device, as far as a renewal goes: a key, the last challenge, the refresh address. */
import { CompactSign, exportJWK, generateKeyPair } from 'jose'
import { BY_SCRIPT, type Person, type Reply, requireStatus } from '../apps/browser.ts'

export interface BoundPerson {
  /** One renewal of the bound cookie. */
  renew(): Promise<Reply>
}

const BY_BROWSER = { ...BY_SCRIPT, accept: '*/*', 'sec-fetch-mode': 'no-cors' }

/** Binds the session of a person who is signed in. */
export async function bindToDevice(person: Person, origin: string): Promise<BoundPerson> {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const sign = (challenge: string, header: object = {}): Promise<string> =>
    new CompactSign(Buffer.from(JSON.stringify({ jti: challenge })))
      .setProtectedHeader({ alg: 'ES256', typ: 'dbsc+jwt', ...header })
      .sign(privateKey)
  const post = (path: string, headers: Readonly<Record<string, string>>): Promise<Reply> =>
    person.ask(path, { method: 'POST', headers: { ...BY_BROWSER, origin, ...headers } })

  const offer = await person.ask('/auth/session', { headers: BY_SCRIPT })
  const offered = /challenge="([^"]+)"/.exec(String(offer.headers['secure-session-registration']))?.[1] ?? ''
  const registration = await sign(offered, { jwk: await exportJWK(publicKey) })
  const registered = await post('/auth/device', { 'secure-session-response': registration })
  requireStatus(registered, [200])
  const { session_identifier: id } = JSON.parse(registered.body) as { session_identifier: string }
  let challenge = challengeIn(registered)
  return {
    async renew() {
      const proof = await sign(challenge)
      const headers = { 'sec-secure-session-id': `"${id}"`, 'secure-session-response': proof }
      const reply = await post('/auth/device/refresh', headers)
      requireStatus(reply, [200])
      challenge = challengeIn(reply)
      return reply
    },
  }
}

function challengeIn({ headers }: Reply): string {
  return /^"([^"]+)"/.exec(String(headers['secure-session-challenge']))?.[1] ?? ''
}
