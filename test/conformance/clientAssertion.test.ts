/** The client as the suite judges it at the token endpoint, whatever the module is about (`ValidateClientAssertionClaims` and its kin). */
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { expect, test } from 'vitest'
import { openJourney } from '../support/openJourney.ts'
import { isSignedIn } from '../support/screens.ts'
import { newVisitor } from '../support/visitor.ts'
import { LOGIN } from './conformanceModule.ts'

const world = await openJourney()
const { entra, clientId } = world.desk

/** Every client assertion sent so far: the only tokens that the client has issued itself. */
function assertions(): string[] {
  return [...world.secrets].filter(
    (secret) => /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(secret) && decodeJwt(secret).iss === clientId,
  )
}

test('an assertion has every claim that the suite asks for, names one audience, and ends within a day', async () => {
  entra.switches.clientAuthentication.refuseReusedJti = true
  const visitor = newVisitor(world.origin)
  await visitor.signIn(LOGIN)
  expect(await isSignedIn(world, visitor)).toBe(true)
  const [assertion = ''] = assertions()
  expect(decodeProtectedHeader(assertion)).toMatchObject({ alg: 'PS256', typ: 'JWT' })
  const { iss, sub, aud, jti, iat = 0, nbf = 0, exp = 0 } = decodeJwt(assertion)
  const nowSec = world.now() / 1_000
  expect({ iss, sub, aud }).toEqual({
    iss: clientId,
    sub: clientId,
    aud: `${entra.origin}/${entra.tenantId}/oauth2/v2.0/token`,
  })
  expect(jti).toMatch(/^[0-9a-f-]{36}$/)
  expect(iat).toBeLessThanOrEqual(nowSec)
  expect(nbf).toBeLessThanOrEqual(nowSec)
  expect(exp).toBeGreaterThan(nowSec)
  expect(exp - iat).toBeLessThanOrEqual(600)
})

test('another instance signs another one: no jti comes twice', async () => {
  for (let i = 0; i < 3; i += 1) {
    world.replaceInstance()
    await newVisitor(world.origin).signIn(LOGIN)
  }
  const jtis = assertions().map((assertion) => decodeJwt(assertion).jti)
  expect(jtis.length).toBeGreaterThanOrEqual(3)
  expect(new Set(jtis).size).toBe(jtis.length)
})
