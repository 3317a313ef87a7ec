import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Asked, askedOf, claimsParameter, requireAsAsked } from '../../../lib/entra/asked.ts'
import type { Identity } from '../../../lib/entra/idToken.ts'
import type { SignInWishes } from '../../../lib/entra/signInWishes.ts'
import { anyText } from '../../support/anyText.ts'
import { faultOf, outcomeOf } from '../../support/faultOf.ts'
import { START_MS } from '../../support/heldEffects.ts'
import { sessionOf } from '../../support/sessionOf.ts'

const acrs = (token: string, request: object): string => JSON.stringify({ [token]: { acrs: request } })
const C1 = { essential: true, value: 'c1' }
const C2 = { essential: true, value: 'c2' }
const ANY_OF_TWO = { essential: true, values: ['c1', 'c2'] }
const both = (ofIdToken: object, ofAccessToken: object): string =>
  JSON.stringify({ id_token: { acrs: ofIdToken }, access_token: { acrs: ofAccessToken } })
const STEP_UP = acrs('access_token', C1)
const AUTH_TIME = '{"id_token":{"auth_time":{"essential":true}}}'
const nothing: Asked = { authTime: false, notBeforeMs: 0, acrs: [] }

describe('what is asked to be proven', () => {
  it.each<[string, SignInWishes, Partial<Asked>]>([
    ['nothing', {}, {}],
    ['a person, a domain, some scopes', { loginHint: 'a', domainHint: 'b', scopes: ['openid'] }, {}],
    ['prompt=none', { prompt: 'none' }, {}],
    ['prompt=select_account', { prompt: 'select_account' }, {}],
    ['prompt=consent', { prompt: 'consent' }, {}],
    ['prompt=login', { prompt: 'login' }, { authTime: true, notBeforeMs: START_MS - 60_000 }],
    ['max_age', { maxAgeSec: 300 }, { authTime: true, notBeforeMs: START_MS - 360_000 }],
    ['max_age=0', { maxAgeSec: 0 }, { authTime: true, notBeforeMs: START_MS - 60_000 }],
    ['both', { prompt: 'login', maxAgeSec: 300 }, { authTime: true, notBeforeMs: START_MS - 60_000 }],
    ['auth_time itself', { claims: AUTH_TIME }, { authTime: true }],
    ['auth_time, if it can be had', { claims: '{"id_token":{"auth_time":null}}' }, {}],
    ['a context for the ID token', { claims: acrs('id_token', C1) }, { acrs: [['c1']] }],
    ['a context for the access token', { claims: STEP_UP }, { acrs: [['c1']] }],
    [
      'one of several (OpenID Connect Core 5.5.1)',
      { claims: acrs('id_token', ANY_OF_TWO) },
      { acrs: [['c1', 'c2']] },
    ],
    [
      'one that comes twice',
      { claims: acrs('id_token', { ...C1, values: ['c1', 'c1'] }) },
      { acrs: [['c1']] },
    ],
    [
      'a value beside values, which are two demands',
      { claims: acrs('id_token', { ...C1, values: ['c2', 'c3'] }) },
      { acrs: [['c1'], ['c2', 'c3']] },
    ],
    ['one for each token', { claims: both(C1, ANY_OF_TWO) }, { acrs: [['c1'], ['c1', 'c2']] }],
    [
      'the same for each token, in another order',
      { claims: both(ANY_OF_TWO, { essential: true, values: ['c2', 'c1'] }) },
      { acrs: [['c1', 'c2']] },
    ],
    [
      'values among which are others',
      { claims: acrs('id_token', { essential: true, values: [7, 'c2', null] }) },
      { acrs: [['c2']] },
    ],
    ['no values', { claims: acrs('id_token', { essential: true, values: [] }) }, {}],
    ['a context that is only welcome', { claims: acrs('id_token', { value: 'c1' }) }, {}],
    ['a context that is essential in words', { claims: acrs('id_token', { ...C1, essential: 'true' }) }, {}],
    [
      'values of no kind',
      { claims: acrs('id_token', { essential: true, value: 7, values: [null, {}] }) },
      {},
    ],
    ['claims of no shape', { claims: '{"id_token":[],"access_token":{"acrs":"c1"}}' }, {}],
    [
      'a member of every object',
      { claims: '{"__proto__":{"id_token":{"auth_time":{"essential":true}}}}' },
      {},
    ],
  ])('by %s', (_what, wishes, expected) => {
    expect(askedOf(wishes, START_MS)).toEqual({ ...nothing, ...expected })
  })
})

describe('the claims parameter', () => {
  const CP1 = { xms_cc: { values: ['cp1'] } }

  it.each<[string, SignInWishes, object]>([
    ['says what we can do where nothing else needs it', {}, { access_token: CP1 }],
    [
      'asks for auth_time with prompt=login',
      { prompt: 'login' },
      { ...JSON.parse(AUTH_TIME), access_token: CP1 },
    ],
    ['asks for auth_time with max_age', { maxAgeSec: 60 }, { ...JSON.parse(AUTH_TIME), access_token: CP1 }],
    [
      'leaves it to nobody else what we can do',
      { claims: '{"access_token":{"xms_cc":{"values":["cp9"]}}}' },
      { access_token: CP1 },
    ],
    [
      'stays as it is where it asks all that is needed',
      { prompt: 'login', claims: AUTH_TIME },
      { ...JSON.parse(AUTH_TIME), access_token: CP1 },
    ],
    [
      'keeps what else it asks about auth_time',
      { prompt: 'login', claims: '{"id_token":{"auth_time":{"essential":true,"value":1}}}' },
      { id_token: { auth_time: { essential: true, value: 1 } }, access_token: CP1 },
    ],
    [
      'asks of the ID token what it asks of the access token, for that one is not ours to read',
      { claims: STEP_UP },
      { access_token: { acrs: C1, ...CP1 }, id_token: { acrs: C1 } },
    ],
    [
      'asks of the ID token what meets the demands on both',
      { claims: both(ANY_OF_TWO, { essential: true, values: ['c2', 'c3'] }) },
      { access_token: { acrs: { essential: true, values: ['c2', 'c3'] }, ...CP1 }, id_token: { acrs: C2 } },
    ],
    [
      'names all of both where nothing meets both',
      { claims: both(C1, C2) },
      { access_token: { acrs: C2, ...CP1 }, id_token: { acrs: ANY_OF_TWO } },
    ],
    [
      'leaves a demand of the ID token alone that meets that of the access token',
      { claims: both(C1, ANY_OF_TWO) },
      { access_token: { acrs: ANY_OF_TWO, ...CP1 }, id_token: { acrs: C1 } },
    ],
    [
      'keeps everything else',
      {
        prompt: 'login',
        claims:
          '{"userinfo":{"a":null},"id_token":{"b":null,"acrs":{"value":"c9"}},"access_token":{"acrs":{"essential":true,"values":["c1","c2"]},"nbf":{"essential":true,"value":"1"}}}',
      },
      {
        userinfo: { a: null },
        id_token: {
          b: null,
          acrs: { essential: true, values: ['c1', 'c2'] },
          auth_time: { essential: true },
        },
        access_token: {
          acrs: { essential: true, values: ['c1', 'c2'] },
          nbf: { essential: true, value: '1' },
          ...CP1,
        },
      },
    ],
  ])('%s', (_what, wishes, expected) => {
    expect(JSON.parse(claimsParameter(wishes))).toEqual(expected)
  })

  it('asks for everything that will be looked at, whatever the wishes, and never throws', () => {
    const claims = fc.oneof(
      anyText(),
      fc.json(),
      fc.constantFrom(
        STEP_UP,
        AUTH_TIME,
        acrs('id_token', C1),
        both(C1, C2),
        both(C1, ANY_OF_TWO),
        both(ANY_OF_TWO, C2),
      ),
    )
    const wishes = fc.record(
      { claims, prompt: fc.constantFrom('login' as const, 'none' as const), maxAgeSec: fc.nat() },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(wishes, (wished) => {
        const asked = askedOf(wished, 0)
        const ofIdToken = JSON.stringify({ id_token: idTokenOf(claimsParameter(wished)) })
        const toSee = askedOf({ claims: ofIdToken }, 0)
        expect(toSee.authTime).toBe(asked.authTime)
        expect(asked.acrs.flat()).toEqual(expect.arrayContaining(toSee.acrs.flat()))
        const isOneEnough = [...new Set(asked.acrs.flat())].some((acr) => meets([acr], asked))
        for (const acr of isOneEnough ? toSee.acrs.flat() : [])
          if (meets([acr], toSee)) expect(meets([acr], asked)).toBe(true)
        expect(meets(toSee.acrs.flat(), asked)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

/** Whether these contexts meet every demand. */
function meets(acrs: readonly string[], { acrs: demands }: Asked): boolean {
  return demands.every((demand) => demand.some((acr) => acrs.includes(acr)))
}

/** What claims ask of the ID token. */
function idTokenOf(claims: string): unknown {
  return JSON.parse(claims).id_token ?? {}
}

describe('an identity that is not as asked', () => {
  const { identity } = sessionOf()
  const at = (authTimeMs: number): Identity => ({ ...identity, authTimeMs })
  const fresh = askedOf({ prompt: 'login' }, START_MS)
  const recent = askedOf({ maxAgeSec: 300 }, START_MS)
  const strong = askedOf({ claims: both(C1, C2) }, START_MS)
  const either = askedOf({ claims: acrs('id_token', ANY_OF_TWO) }, START_MS)
  const overlapping = askedOf(
    { claims: both(ANY_OF_TWO, { essential: true, values: ['c2', 'c3'] }) },
    START_MS,
  )

  it.each<[string, Identity, Asked, string | undefined]>([
    ['nothing was asked', identity, nothing, undefined],
    ['prompt=login, and the person authenticated since', at(START_MS + 30_000), fresh, undefined],
    ['prompt=login, and the clocks are a minute apart', at(START_MS - 60_000), fresh, undefined],
    ['prompt=login, and it was more than that before', at(START_MS - 60_001), fresh, 'auth_time'],
    ['prompt=login, and the token does not say when', identity, fresh, 'auth_time'],
    ['max_age, and it was just in time', at(START_MS - 360_000), recent, undefined],
    ['max_age, and it was longer ago', at(START_MS - 360_001), recent, 'auth_time'],
    ['max_age, and the token does not say when', identity, recent, 'auth_time'],
    ['auth_time, and it is missing', identity, askedOf({ claims: AUTH_TIME }, START_MS), 'auth_time'],
    ['auth_time, however long ago', at(1_000), askedOf({ claims: AUTH_TIME }, START_MS), undefined],
    [
      'two contexts, and there is another as well',
      { ...identity, acrs: ['c3', 'c2', 'c1'] },
      strong,
      undefined,
    ],
    ['two contexts, and there is one', { ...identity, acrs: ['c1'] }, strong, 'acrs'],
    ['two contexts, in other letters', { ...identity, acrs: ['C1', 'c2'] }, strong, 'acrs'],
    ['two contexts, and there is none', identity, strong, 'acrs'],
    ['one of two contexts, and there is one', { ...identity, acrs: ['c2'] }, either, undefined],
    ['one of two contexts, and there is a third', { ...identity, acrs: ['c3'] }, either, 'acrs'],
    ['one of two contexts, and there is none', identity, either, 'acrs'],
    [
      'one of two, and one of two others, and there is one of both',
      { ...identity, acrs: ['c2'] },
      overlapping,
      undefined,
    ],
    [
      'one of two, and one of two others, and there is one of each',
      { ...identity, acrs: ['c1', 'c3'] },
      overlapping,
      undefined,
    ],
    [
      'one of two, and one of two others, and there is one of the first',
      { ...identity, acrs: ['c1'] },
      overlapping,
      'acrs',
    ],
  ])('%s', async (_what, claimed, asked, detail) => {
    const judge = (): void => requireAsAsked(claimed, asked)
    if (detail === undefined) expect(await outcomeOf(judge)).toBe('none')
    else {
      const { code, context } = await faultOf(judge)
      expect([code, context.detail]).toEqual(['callback/not_as_asked', detail])
    }
  })
})
