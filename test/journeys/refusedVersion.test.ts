/**
 * Two valid versions of the certificate, and Entra knows only one: the new one not yet, or the old one no more. Whoever asks for a token is
 * answered all the same, within the same request, whatever the grant.
 */
import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, test } from 'vitest'
import { judgeAuthorizationResponse } from '../../lib/entra/authorizationResponse.ts'
import { createOnBehalfOf } from '../../lib/entra/onBehalfOf.ts'
import { createTokenEndpoint } from '../../lib/entra/tokenEndpoint.ts'
import type { VaultCertificate } from '../../local/vault/certificateSeries.ts'
import { faultOf } from '../support/faultOf.ts'
import { openJourney } from '../support/openJourney.ts'
import { expectScreen, isSignedIn, readSession } from '../support/screens.ts'
import { expectNoSession, tracesOf } from '../support/traces.ts'
import { ADA, location, newVisitor } from '../support/visitor.ts'

const DAY_MS = 24 * 3_600_000
const LOGIN = '/auth/login?returnTo=%2Forders'
const world = await openJourney({
  isFrozen: true,
  effects: { sleep: async () => undefined },
  desk: { identityTokenLifetimeSec: 60 * 86_400 },
})
const { entra, vault, clientId, settings } = world.desk
const appOnlyId = String(settings.APP_ONLY_CLIENT_ID)
/** Of a second certificate for the app-only client, whose versions the test can make. */
const appOnlySeries = await vault.addCertificate('app-only-rotated', {}, 30)
const CLIENTS = [clientId, appOnlyId]

const requests = () => entra.log.filter(({ kind }) => kind === 'token').map(({ details }) => details)
const asked = (from: number, ...operations: string[]) =>
  vault.requests.slice(from).filter(({ operation }) => operations.includes(operation)).length

/** A fresh instance with two valid versions of each certificate: an old one in use and known to Entra, and one made just now. */
let versions: { old: VaultCertificate[]; young: VaultCertificate[] }
beforeEach(async () => {
  for (const { version } of vault.versions()) vault.disable(version)
  for (const { version } of appOnlySeries.versions()) appOnlySeries.disable(version)
  const old = [await vault.rotate(), await appOnlySeries.rotate()]
  for (const [index, client] of CLIENTS.entries()) entra.registerCertificate(client, derOf(old[index]))
  world.advance(DAY_MS)
  versions = { old, young: [await vault.rotate(), await appOnlySeries.rotate()] }
  world.replaceInstance({ APP_ONLY_CERTIFICATE: 'app-only-rotated' })
  await world.app().credential.assertionFor(world.app().config.entra.token)
})

const derOf = (certificate: VaultCertificate | undefined): Buffer => certificate?.der ?? Buffer.of()

/** Entra has not heard of the new versions, and their day comes. */
function newOnesUnknown(): void {
  world.advance(DAY_MS)
  world.replaceInstance({ APP_ONLY_CERTIFICATE: 'app-only-rotated' })
}

/** The new versions are known, and the old ones were taken off before their day. */
function oldOnesTakenOff(): void {
  for (const [index, client] of CLIENTS.entries()) {
    entra.registerCertificate(client, derOf(versions.young[index]))
    entra.removeCertificate(client, versions.old[index]?.x5tS256 ?? '')
  }
}

const DIRECTIONS = [
  ['the new version is not known yet', newOnesUnknown, 'old'],
  ['the old version was taken off', oldOnesTakenOff, 'young'],
] as const

describe.each(DIRECTIONS)('%s', (_what, begin, accepted) => {
  test('a sign-in completes: the code goes out twice and is spent once, and the session says which version was accepted', async () => {
    begin()
    const before = requests().length
    const lines = world.logs.length
    const visitor = newVisitor(world.origin)
    const reply = await visitor.signIn(LOGIN)
    expect([reply.status, location(reply)]).toEqual([303, '/orders'])

    expect(requests().slice(before)).toMatchObject([
      { grantType: 'authorization_code', outcome: 'refused', error: 'invalid_client', code: 700027 },
      { grantType: 'authorization_code', outcome: 'issued' },
    ])
    const { clientProof } = await readSession(world, visitor)
    expect(Reflect.get(Object(clientProof), 'keyId')).toBe(versions[accepted][0]?.kid)
    const refusedOne = versions[accepted === 'old' ? 'young' : 'old'][0]
    const told = world.logs.slice(lines).filter(({ level }) => level !== 'info')
    expect(told).toMatchObject([
      {
        level: 'warn',
        event: 'credential.version_refused',
        facts: {
          certificateVersion: refusedOne?.version,
          thumbprintS256: refusedOne?.x5tS256,
          instead: versions[accepted][0]?.version,
        },
      },
    ])

    // Whoever comes next is answered at the first try.
    await newVisitor(world.origin).signIn(LOGIN)
    expect(requests().length - before).toBe(3)
  })

  test('five sign-ins at once cost the vault one look at the versions and one signature', async () => {
    begin()
    const people = Array.from({ length: 5 }, () => newVisitor(world.origin))
    const forms = await Promise.all(people.map((visitor) => visitor.toCallback(LOGIN)))
    await world.app().credential.assertionFor(world.app().config.entra.token)
    const seen = vault.requests.length
    const replies = await Promise.all(people.map((visitor, i) => visitor.post(forms[i] ?? expect.fail())))

    expect(new Set(replies.map(location))).toEqual(new Set(['/orders']))
    expect([asked(seen, 'certificate list'), asked(seen, 'sign')]).toEqual([1, 1])
  })

  test('client credentials are granted', async () => {
    begin()
    const before = requests().length
    const tokens = world.app().appOnly ?? expect.fail('the desk configures a second client')
    const token = await tokens.tokenFor(`api://${clientId}/.default`)

    expect(decodeJwt(token)).toMatchObject({ azp: appOnlyId, azpacr: '2' })
    expect(
      requests()
        .slice(before)
        .map(({ outcome }) => outcome),
    ).toEqual(['refused', 'issued'])
  })

  test('an exchange on behalf of a caller is granted', async () => {
    begin()
    const before = requests().length
    const userAssertionExpiresAtMs = world.now() + 3_600_000
    const userAssertion = await entra.mintAccessToken({ resource: clientId, person: ADA.person })
    const scope = 'https://graph.microsoft.com/User.Read'
    const { config, credential, effects } = world.app()
    const { issuerTemplate, token: url } = config.entra
    const endpoint = createTokenEndpoint({ clientId, issuerTemplate, url, credential, effects })
    const { exchange } = createOnBehalfOf({ endpoint, effects })
    const exchanged = await exchange({ userAssertion, userAssertionExpiresAtMs, scope })

    expect(exchanged).toBeTypeOf('string')
    expect(
      requests()
        .slice(before)
        .map(({ outcome }) => outcome),
    ).toEqual(['refused', 'issued'])
  })

  test('a refusal without another valid version stays one, and the log names what was refused', async () => {
    begin()
    const refusedOne = accepted === 'old' ? 'young' : 'old'
    for (const certificate of versions[accepted])
      if (certificate.name === vault.certificateName) vault.disable(certificate.version)
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback(LOGIN)
    const before = await tracesOf(world)
    const reply = await visitor.post(form)
    expectScreen(world, reply, 'entra/client_rejected')
    await expectNoSession(world, before)
    const line = world.logs.findLast(
      ({ event, facts }) => event === 'request' && facts.outcome === 'entra/client_rejected',
    )
    expect(line?.facts).toMatchObject({
      certificateVersion: versions[refusedOne][0]?.version,
      entraErrorCodes: [700027],
    })
  })
})

test('a code that a refused client presented is not spent: the same code is redeemed once the client is known', async () => {
  const [old] = versions.old
  entra.removeCertificate(clientId, old?.x5tS256 ?? '')
  const visitor = newVisitor(world.origin)
  const form = await visitor.toCallback(LOGIN)
  const { credential, config, redeemCode } = world.app()
  const response = judgeAuthorizationResponse(config, form.fields, form.fields.get('state') ?? '')
  const assertion = await credential.assertionFor(config.entra.token)
  const redeem = () =>
    redeemCode({ response, assertion, codeVerifier: 'x'.repeat(43), nonce: 'n', correlationId: 'c' })
  expect((await faultOf(redeem)).code).toBe('entra/client_rejected')

  entra.registerCertificate(clientId, derOf(old))
  world.advance(60_000)
  expect(location(await visitor.post(form))).toBe('/orders')
  expect(await isSignedIn(world, visitor)).toBe(true)
})
