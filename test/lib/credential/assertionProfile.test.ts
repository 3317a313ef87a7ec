import { expect, it } from 'vitest'
import { assertionProfile } from '../../../lib/credential/assertionProfile.ts'
import { TOKEN_ENDPOINT } from '../../support/credentialWorld.ts'

const issuer = 'https://issuer.example'

it.each([
  ['entra', { typ: 'JWT', isReused: true }, TOKEN_ENDPOINT],
  ['rfc10070', { typ: 'client-authentication+jwt', isReused: false }, issuer],
] as const)('by the rules of %s an assertion is %j and for %s', (profile, rules, audience) => {
  const { audienceAt, ...facts } = assertionProfile({ profile, lifetimeSec: 60, issuer })

  expect(facts).toEqual({ ...rules, lifetimeSec: 60 })
  expect(audienceAt(TOKEN_ENDPOINT)).toBe(audience)
})
