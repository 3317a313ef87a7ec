import { expect, it } from 'vitest'
import type { SignInWishes } from '../../../lib/entra/signInWishes.ts'
import type { LocalPath } from '../../../lib/http/returnTo.ts'
import { requireNoLoop } from '../../../lib/http/signInLoop.ts'
import { faultOf, outcomeOf } from '../../support/faultOf.ts'
import { START_MS } from '../../support/heldEffects.ts'
import { signetRequestOf } from '../../support/signetRequestOf.ts'

const MINUTE_MS = 60_000
const returnTo = '/orders' as LocalPath
const cookieOf = (value: string, i: number) => `__Host-signet-tx-${'abcdefgh'[i]?.repeat(12)}=${value}`
const answered = (atMs: number, kind = 'done') => `${kind}-${atMs}-${'A'.repeat(43)}`
const IN_FLIGHT = 'A'.repeat(43)

interface Start {
  readonly values: readonly string[]
  readonly wishes?: SignInWishes
  readonly byHand?: string
}

function start({ values, wishes = {}, byHand }: Start): void {
  const headers = {
    cookie: values.map(cookieOf).join('; '),
    ...(byHand === undefined ? {} : { 'sec-fetch-user': byHand }),
  }
  requireNoLoop(signetRequestOf({ headers }), wishes, returnTo, START_MS)
}

const recent = answered(START_MS - MINUTE_MS + 1)
const old = answered(START_MS - MINUTE_MS)

it.each([
  [[recent, recent, recent], 'login/loop'],
  [[answered(START_MS), answered(START_MS, 'again'), answered(START_MS + 1_000)], 'login/loop'],
  [[recent, recent, recent, recent, IN_FLIGHT], 'login/loop'],
  [[recent, recent], 'none'],
  [[recent, recent, old], 'none'],
  [[recent, recent, IN_FLIGHT, IN_FLIGHT, IN_FLIGHT], 'none'],
  [[], 'none'],
])('a sign-in after the answers %j is %s', async (values, outcome) => {
  expect(await outcomeOf(() => start({ values }))).toBe(outcome)
})

it.each([
  [{ prompt: 'none' }, undefined, 'login/loop'],
  [{ prompt: 'login' }, undefined, 'none'],
  [{ prompt: 'select_account' }, undefined, 'none'],
  [{}, '?1', 'none'],
  [{}, '?0', 'login/loop'],
  [{ loginHint: 'ada' }, undefined, 'login/loop'],
] as const)(
  'the fourth within a minute that asks for %j, by hand %j, is %s',
  async (wishes, byHand, outcome) => {
    const asked = { values: [recent, recent, recent], wishes, ...(byHand === undefined ? {} : { byHand }) }

    expect(await outcomeOf(() => start(asked))).toBe(outcome)
  },
)

it('the way out of the circle is to choose an account, and leads to where the person was going', async () => {
  const { context } = await faultOf(() => start({ values: [recent, recent, recent] }))

  expect(context).toEqual({ returnTo, loginParameters: { prompt: 'select_account' } })
})
