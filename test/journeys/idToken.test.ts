/** ID tokens as no client may accept them, each in a whole sign-in: what the conformance suite has no module for. */
import { describe, expect, test } from 'vitest'
import { type IdTokenFlaw, idTokenFlaws } from '../../local/entra/token/idTokenFlaws.ts'
import { isRun } from '../conformance/conformanceModule.ts'
import { loadModules } from '../conformance/loadModules.ts'
import { openJourney } from '../support/openJourney.ts'
import { expectScreen, isSignedIn, readSession } from '../support/screens.ts'
import { expectNoSession, tokenRequests, tracesOf } from '../support/traces.ts'
import { ADA, location, newVisitor, type Visitor } from '../support/visitor.ts'

const world = await openJourney({ isFrozen: true })
const { switches } = world.desk.entra
/** After this long an unknown key is looked up again. */
const UNKNOWN_KEY_PAUSE_MS = 5 * 60_000

async function expectRejected(): Promise<void> {
  const before = await tracesOf(world)
  const visitor = newVisitor(world.origin)
  const reply = await visitor.signIn('/auth/login?returnTo=%2Forders')
  expectScreen(world, reply, 'entra/id_token_rejected')
  expect(tokenRequests(world), 'nothing is tried again').toBe(before.tokenRequests + 1)
  await expectNoSession(world, before)
}

async function expectAccepted(): Promise<Visitor> {
  const visitor = newVisitor(world.origin)
  const reply = await visitor.signIn('/auth/login?returnTo=%2Forders')
  expect([reply.status, location(reply)]).toEqual([303, '/orders'])
  expect(await isSignedIn(world, visitor)).toBe(true)
  return visitor
}

/** The rule that the last refused ID token broke, as the log has it. */
function brokenRule(): unknown {
  return world.logs.findLast(({ facts }) => facts.outcome === 'entra/id_token_rejected')?.facts.detail
}

const rejected = [
  ['a signature taken off', 'signature-stripped'],
  ['a key that nobody published', 'kid-unknown'],
  ['an issuer with a slash too many', 'trailing-slash-iss'],
  ['the issuer of version 1', 'v1-iss'],
  ['the issuer of another tenant (CVE-2016-7191)', 'other-tenant-iss'],
  ['another tenant altogether', 'other-tenant'],
  ['the tenant id of another', 'invalid-tid'],
  ['no tenant id', 'missing-tid'],
  ['no object id', 'missing-oid'],
  ['an empty subject', 'empty-sub'],
  ['a subject of 256 characters', 'long-sub'],
  ['a second audience although we are the authorized party', 'secondary-aud-with-azp'],
  ['another authorized party', 'invalid-azp'],
  ['issued a week ago', 'iat-is-week-in-past'],
  ['issued in an hour', 'iat-in-future'],
  ['valid in an hour', 'nbf-in-future'],
  ['an expiry that is text', 'exp-as-string'],
  ['version 1', 'ver-1.0'],
] as const satisfies readonly (readonly [string, IdTokenFlaw])[]

describe('an ID token that breaks a rule makes no session (OpenID Connect Core 3.1.3.7)', () => {
  test.each(rejected)('%s', async (_module, flaw) => {
    switches.idToken.flaw = flaw
    await expectRejected()
  })

  test('a key of another tenant, published among ours, signs nothing for us', async () => {
    world.advance(UNKNOWN_KEY_PAUSE_MS)
    switches.idToken.flaw = 'foreign-tenant-key'
    await expectRejected()
    expect(brokenRule()).toBe('key issuer')
  })

  test('an access token in its place', async () => {
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback()
    const accessToken = await world.desk.entra.mintAccessToken({
      resource: world.desk.clientId,
      person: ADA.person,
    })
    switches.token.override = { id_token: accessToken }
    const before = await tracesOf(world)
    expectScreen(world, await visitor.post(form), 'entra/id_token_rejected')
    await expectNoSession(world, before)
  })

  test('an unknown kid costs Entra one look at the keys for each sign-in, which takes a valid transaction and a code (J3)', async () => {
    switches.idToken.flaw = 'kid-unknown'
    const looks = (): number => world.desk.entra.log.filter(({ kind }) => kind === 'keys').length
    const before = looks()
    for (let i = 0; i < 3; i += 1) await expectRejected()
    expect(looks()).toBe(before + 3)
  })
})

test('expired, foreign, badly signed and of another sign-in: the person reads four different things', async () => {
  const read = async (flaw: IdTokenFlaw): Promise<string | undefined> => {
    switches.idToken.flaw = flaw
    const { text } = await newVisitor(world.origin).signIn('/auth/login')
    return /<p class="lede">([^<]+)</.exec(text)?.[1]
  }
  const kinds: readonly (readonly [says: RegExp, flaws: readonly IdTokenFlaw[]])[] = [
    [/time is wrong/, ['expired-exp', 'iat-in-future', 'nbf-in-future']],
    [/made out for somebody else/, ['other-tenant', 'invalid-iss', 'invalid-aud']],
    [/does not carry the signature/, ['invalid-sig-rs256', 'sig-none', 'invalid-sig-hs256', 'kid-unknown']],
    [/belongs to another sign-in/, ['nonce-invalid', 'invalid-athash']],
  ]
  for (const [says, flaws] of kinds) for (const flaw of flaws) expect(await read(flaw), flaw).toMatch(says)
})

describe('an ID token is refused for what it is, not for how it looks', () => {
  test('keys of other kinds under the same kid do not confuse anybody (FAPI 5.4.3)', async () => {
    switches.keys.decoys = true
    world.replaceInstance()
    await expectAccepted()
  })

  test.each([
    // A second less than the minute: the library reads the system clock in whole seconds.
    { what: 'expired 58 seconds ago', exp: -58, isAccepted: true },
    { what: 'expired 60 seconds ago', exp: -60, isAccepted: false },
    { what: 'expired 61 seconds ago', exp: -61, isAccepted: false },
  ])('$what: accepted is $isAccepted (our clock or theirs, C1)', async ({ exp, isAccepted }) => {
    switches.idToken.override = { exp: Math.floor(world.now() / 1_000) + exp }
    await (isAccepted ? expectAccepted() : expectRejected())
  })

  test.each([
    { what: 'issued in 59 seconds', iat: 59, isAccepted: true },
    { what: 'issued in 62 seconds', iat: 62, isAccepted: false },
  ])('$what: accepted is $isAccepted', async ({ iat, isAccepted }) => {
    switches.idToken.override = { iat: Math.floor(world.now() / 1_000) + iat }
    await (isAccepted ? expectAccepted() : expectRejected())
  })

  test('an e-mail address identifies nobody: another one is still the same person', async () => {
    switches.idToken.override = { email: 'eve@evil.example', preferred_username: 'eve@evil.example' }
    const visitor = await expectAccepted()
    const { user } = await readSession(world, visitor)
    expect(user).toMatchObject({ objectId: '0d1f3a52-8a3c-4c0e-9a86-5b7f0e2d4a01' })
  })

  test('claims that are kept elsewhere, as groups are of a person who has too many, are left there', async () => {
    const elsewhere = `${world.desk.entra.origin}/claims-of-others`
    switches.idToken.override = {
      _claim_names: { groups: 'src1', credit_score: 'src2' },
      _claim_sources: { src1: { endpoint: elsewhere }, src2: { JWT: 'e30.e30.e30' } },
      address: { country: 'SE' },
    }
    const visitor = await expectAccepted()
    expect(Object.keys(Object(await readSession(world, visitor)).user)).not.toContain('groups')
    expect(world.desk.entra.log.filter(({ path }) => path === '/claims-of-others')).toEqual([])
  })

  test('whatever display names hold, the page shows it as text', async () => {
    switches.idToken.override = { name: '<img src=x onerror=alert(1)>', preferred_username: '"><script>' }
    const visitor = await expectAccepted()
    const home = await visitor.ask(`${world.origin}/`)
    expect(home.text).not.toMatch(/<img src|<script/)
  })
})

test('every flaw that the look-alike knows is tried here or in a module of the conformance suite', async () => {
  const modules = [...(await loadModules()).values()].filter(isRun)
  const tried = new Set<string | undefined>([
    ...rejected.map(([, flaw]) => flaw),
    ...modules.map(({ flaw }) => flaw),
    'foreign-tenant-key',
    // A `c_hash` has a meaning only in ID tokens that come through the browser.
    'invalid-chash',
  ])
  expect(idTokenFlaws.filter((flaw) => !tried.has(flaw))).toEqual([])
})
