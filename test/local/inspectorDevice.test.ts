/** The inspector tells how a session is bound, from what passes the TLS front, and keeps nothing that opens anything. */
import { describe, expect, test } from 'vitest'
import type { EntraRequest } from '../../local/entra/requestLog.ts'
import { deviceExchange } from '../../local/inspector/deviceExchange.ts'
import type { Logs } from '../../local/inspector/happening.ts'
import { signInSteps } from '../../local/inspector/signInSteps.ts'
import { timeline } from '../../local/inspector/timeline.ts'
import type { FrontExchange } from '../../local/tls/openTlsFront.ts'
import { newDeviceKeys, signProof } from '../support/bindingVisitor.ts'

const keys = await newDeviceKeys()
const CHALLENGE = 'a-challenge-that-nobody-shows'
const COOKIE = 'a-cookie-that-nobody-shows'
const registrationProof = await signProof({ keys, challenge: CHALLENGE, header: { jwk: keys.jwk } })
const refreshProof = await signProof({ keys, challenge: CHALLENGE })

function exchange(changes: Partial<FrontExchange>): FrontExchange {
  return { at: 0, method: 'POST', target: '/', request: {}, status: 200, response: {}, text: '', ...changes }
}

const offer = exchange({
  at: 1_000,
  method: 'GET',
  target: '/auth/icon',
  response: {
    'secure-session-registration': `(ES256 RS256);path="/auth/device";challenge="${CHALLENGE}"`,
  },
})
const registration = exchange({
  at: 1_100,
  target: '/auth/device',
  request: { 'secure-session-response': registrationProof, cookie: COOKIE },
  response: {
    'set-cookie': `__Host-signet-device=${COOKIE}; Max-Age=570; Path=/; Secure`,
    'secure-session-challenge': `"${CHALLENGE}";id="s1"`,
  },
  text: JSON.stringify({
    session_identifier: 's1',
    refresh_url: '/auth/device/refresh',
    scope: {
      origin: 'https://localhost',
      include_site: false,
      scope_specification: [{ type: 'exclude', domain: '*', path: '/health' }],
    },
    credentials: [{ type: 'cookie', name: '__Host-signet-device', attributes: 'Path=/' }],
  }),
})
const refresh = exchange({
  at: 600_000,
  target: '/auth/device/refresh',
  request: { 'sec-secure-session-id': 's1', 'secure-session-response': refreshProof },
})
const asked = exchange({ ...refresh, at: 599_900, status: 403 })
const missing = exchange({
  at: 700_000,
  method: 'GET',
  target: '/auth/session?x',
  status: 401,
  request: { 'secure-session-skipped': 'quota_exceeded;session_identifier="s1"' },
  text: '{"code":"session/device_proof_required"}',
})

const token: EntraRequest = {
  at: 900,
  method: 'POST',
  path: '/token',
  kind: 'token',
  status: 200,
  correlationId: 'c',
  signIn: 'a',
  details: { outcome: 'issued' },
}
const logs: Logs = {
  entra: [token, { ...token, at: 590_000, signIn: 'b' }],
  vault: [],
  identity: [],
  tables: [],
  front: [offer, registration, asked, refresh, missing].flatMap((one) => deviceExchange(one) ?? []),
}

describe('the exchange of a device-bound session', () => {
  test('is told with the sign-in whose session it is, the renewals of later too', () => {
    const { signIns } = timeline(logs)
    const titles = signIns.map((signIn) => [
      signIn.id,
      signInSteps(signIn)
        .filter(({ to }) => to === 'app')
        .map(({ title }) => title),
    ])

    expect(Object.fromEntries(titles).a).toEqual([
      'The app offers to bind the session',
      'The browser binds the session to its device',
      'The browser is told what to sign',
      'The browser proves that it still holds the key',
    ])
  })

  test('is shown claim by claim, each with its meaning and its section', () => {
    const steps = timeline(logs).signIns.flatMap(signInSteps)
    const fields = steps.flatMap(({ groups }) => groups.flatMap((group) => group.fields))
    const named = Object.fromEntries(fields.map(({ name, value }) => [name, value]))

    expect(named).toMatchObject({
      algorithms: 'ES256 RS256',
      alg: 'ES256',
      typ: 'dbsc+jwt',
      'jwk.x': keys.jwk.x,
      jti: undefined,
      'scope.exclude': '/health',
      'Set-Cookie': '__Host-signet-device=…; Max-Age=570; Path=/; Secure',
      'Secure-Session-Challenge': undefined,
      'Secure-Session-Skipped': 'quota_exceeded',
      'Sec-Secure-Session-Id': 's1',
    })
    for (const { name, meaning, spec } of fields.filter(({ name }) => !['grantType'].includes(name)))
      expect([name, meaning.length > 10, spec.length > 3]).toEqual([name, true, true])
  })

  test('keeps no challenge, no cookie and no signature', () => {
    const kept = JSON.stringify(logs.front)
    for (const secret of [CHALLENGE, COOKIE, registrationProof.split('.')[2], refreshProof.split('.')[2]])
      expect(kept).not.toContain(secret)
    expect(kept).not.toContain(Buffer.from(CHALLENGE).toString('base64url').slice(0, 20))
  })

  test('is nothing of what passes besides', () => {
    expect(deviceExchange(exchange({ target: '/auth/session', text: '{}' }))).toBeUndefined()
    expect(deviceExchange(exchange({ target: '/api/x', status: 401, text: '{}' }))).toBeUndefined()
  })
})
