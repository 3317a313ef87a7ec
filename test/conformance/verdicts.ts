/** What a module comes to, and what may not have come of it on the way. */
import { expect } from 'vitest'
import { expectScreen, expectTwin, isSignedIn } from '../support/screens.ts'
import { expectNoSession, type Traces, tracesOf } from '../support/traces.ts'
import { location, type Reply } from '../support/visitor.ts'
import type { RunModule, Stage } from './conformanceModule.ts'

/** Requests of the browser, not of the app. */
const OF_THE_BROWSER = new Set<string>(['authorize', 'sign-in', 'logout'])
const TO_VERIFY = new Set<string>(['metadata', 'keys'])

/** How things stood before. */
export interface Before {
  readonly traces: Traces
  readonly rows: readonly unknown[]
  readonly requests: number
}

export async function standing({ world, entra }: Stage): Promise<Before> {
  return { traces: await tracesOf(world), rows: await world.rows.all(), requests: entra.log.length }
}

export async function expectVerdict(
  stage: Stage,
  module: RunModule,
  before: Before,
  reply: Reply,
): Promise<void> {
  const { world, visitor, api } = stage
  switch (module.expect) {
    case 'signs in':
      expect([reply.status, location(reply)]).toEqual([303, '/orders'])
      expect(await isSignedIn(world, visitor)).toBe(true)
      return
    case 'signs out':
      expect([reply.status, reply.text.includes('signed out')]).toEqual([200, true])
      expect(await isSignedIn(world, visitor)).toBe(false)
      return
    case 'calls the API':
      expect([reply.status, api.tokens.length > 0]).toEqual([200, true])
      return
    default:
      if (module.isRefusedAtRefresh) {
        expectTwin(world, reply, module.expect)
        expect(api.tokens, 'calls of the API').toEqual([])
      } else {
        expectScreen(world, reply, module.expect)
        await expectNothingLeft(stage, module, before)
      }
      expectRule(stage, module)
  }
}

/** No session, no cookie and no row of one; no outbound call but to redeem the code and to verify what came. */
async function expectNothingLeft(
  { world, entra, visitor }: Stage,
  { isRefusedAtOnce }: RunModule,
  before: Before,
): Promise<void> {
  expect(await isSignedIn(world, visitor)).toBe(false)
  await expectNoSession(world, before.traces)
  const asked = entra.log.slice(before.requests).map(({ kind }) => kind)
  const other = asked.filter((kind) => !OF_THE_BROWSER.has(kind) && !TO_VERIFY.has(kind))
  expect(other, 'outbound calls').toEqual(isRefusedAtOnce ? [] : ['token'])
  if (isRefusedAtOnce) expect(await world.rows.all(), 'rows').toEqual(before.rows)
}

function expectRule({ world }: Stage, { rule = '' }: RunModule): void {
  const line = world.logs.findLast(({ event, facts }) => event === 'request' && facts.detail !== undefined)
  if (rule !== '') expect(String(line?.facts.detail)).toContain(rule)
}
