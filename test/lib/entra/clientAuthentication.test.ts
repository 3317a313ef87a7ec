import { describe, expect, it } from 'vitest'
import { clientAuthenticationOf } from '../../../lib/entra/clientAuthentication.ts'
import { CLIENT } from '../../support/configOf.ts'

const segment = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const accessToken = (claims: object): string => `${segment({ alg: 'RS256' })}.${segment(claims)}.c2ln`

describe('clientAuthenticationOf', () => {
  it.each([
    ['a version 2 token', { aud: CLIENT, azpacr: '2' }, { claim: 'azpacr', value: '2' }],
    ['a version 1 token', { aud: `api://${CLIENT}`, appidacr: '1' }, { claim: 'appidacr', value: '1' }],
    ['a token with both', { aud: CLIENT, azpacr: '2', appidacr: '0' }, { claim: 'azpacr', value: '2' }],
    ['a token with neither', { aud: CLIENT }, undefined],
    ['a token whose claim is no text', { aud: CLIENT, azpacr: 2 }, undefined],
    ['a token for another API', { aud: 'https://graph.microsoft.com', azpacr: '2' }, undefined],
    ['a token for several', { aud: [CLIENT], azpacr: '2' }, undefined],
    ['a token for nobody', { azpacr: '2' }, undefined],
  ])('of %s', (_name, claims, expected) => {
    expect(clientAuthenticationOf(accessToken(claims), CLIENT)).toEqual(expected)
  })

  it.each(['', 'opaque', 'a.b.c', 'a.b', `${segment({})}..`, 'a.b.c.d.e'])(
    'of %j, which is no JWT, is unknown',
    (text) => {
      expect(clientAuthenticationOf(text, CLIENT)).toBeUndefined()
    },
  )
})
