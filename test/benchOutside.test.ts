/** The apps as the benchmark runs them: each scenario once, with Signet and the floor. What they ask of the outside is judged, never time. */
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { openWorkshop, trust } from '../bench/apps/workshop.ts'
import { burst } from '../bench/growth/burst.ts'
import { flood } from '../bench/growth/flood.ts'
import { intoPage, partOf } from '../bench/intoPage.ts'
import { runColdStarts } from '../bench/outside/coldStart.ts'
import { percentilesOf } from '../bench/outside/percentiles.ts'
import { reportOf } from '../bench/outside/report.ts'
import type { Result } from '../bench/outside/result.ts'
import { runRounds } from '../bench/outside/runRounds.ts'
import { SCENARIOS } from '../bench/outside/scenarios.ts'
import { FLOOR, SIGNET, type Subject, subjectsOf } from '../bench/outside/subjects.ts'
import { runTogether } from '../bench/outside/together.ts'
import { openStands } from '../bench/stands/openStands.ts'

const workshop = await openWorkshop({ withPeers: false })
const stands = await openStands()
await trust(workshop, stands.world)
const subjects = subjectsOf(workshop, stands.world)
afterAll(() => Promise.all([stands.close(), workshop.close()]))

/** What Signet asks of the outside for one; docs/calls.md has the same of the product’s own tests. */
const ASKED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'sign-in': { 'tables: insert': 3, 'tables: batch': 1, 'POST token (authorization_code)': 1 },
  'who am I': { 'tables: query': 1 },
  'API call as the person, token held': { 'tables: query': 1, 'API: GET /list': 1 },
  'API call as the person, token refreshed': {
    'tables: query': 1,
    'tables: merge': 1,
    'tables: replace': 1,
    'POST token (refresh_token)': 1,
    'API: GET /list': 1,
  },
  'API call as the app': { 'tables: read': 1, 'API: GET /list': 1 },
  'page of the front end': { 'front end: GET /': 1 },
  'refusal: forged callback': {},
  'refusal: guard, no certificate': {},
  'device-bound renewal': { 'tables: read': 1, 'tables: merge': 1 },
}

/** Signet once it has what it gets ready behind its start: those calls are no scenario's. */
function gotReady(subject: Subject): Subject {
  if (subject.name !== SIGNET) return subject
  return {
    ...subject,
    async start() {
      const app = await subject.start()
      expect((await app.newPerson().ask('/health/ready')).status).toBe(200)
      return app
    },
  }
}

test('each scenario asks of the outside what it should, and the floor makes the same sign-in with no fewer calls', async () => {
  const once = SCENARIOS.map((scenario) => ({ ...scenario, perRound: 1 }))
  const rows = await runRounds(subjects.map(gotReady), once, stands, { rounds: 1, warmUp: 1, times: 1 })

  const ofSignet = rows.filter(({ subject }) => subject === SIGNET)
  expect(Object.fromEntries(ofSignet.map(({ scenario, requests }) => [scenario, requests]))).toEqual(ASKED)
  const ofFloor = rows.filter(({ subject }) => subject === FLOOR)
  expect(ofFloor.map(({ scenario }) => scenario)).toEqual(
    Object.keys(ASKED).filter((name) => name !== 'device-bound renewal'),
  )
  expect(ofFloor[0]?.requests).toEqual({ 'tables: insert': 5, 'POST token (authorization_code)': 1 })
  for (const { cpuMs, wallMs } of rows) expect([cpuMs.median > 0, wallMs.p99 > 0]).toEqual([true, true])
})

test('people who come together and a cold start get their sessions, and are counted', async () => {
  const signet = subjects.filter(({ name }) => name === SIGNET)
  const [together] = await runTogether(signet, stands, { rounds: 1, perRound: 9 })
  const [cold] = await runColdStarts(signet, { rounds: 1, atEntraMs: 0 })

  expect(together?.tokenMs.p50).toBeGreaterThan(0)
  expect(cold?.firstSignInMs.median).toBeGreaterThan(0)
})

test('people who come all at once to an instance that has just started are all signed in, and whoever brings a made-up code is not', async () => {
  const [signet] = subjects.filter(({ name }) => name === SIGNET)
  if (signet === undefined) throw new Error('no Signet')
  const [cold = ''] = await burst(signet.start, stands, 3)
  const lines = await flood(signet.start, stands, { perSecond: 20, seconds: 0.25 })

  expect(cold).toContain('callbacks 3 × 303')
  expect(lines[1]).toContain('5 × 400')
  expect(lines[2]).toContain('1 × 303')
})

describe('what is written of a run', () => {
  const result = JSON.parse(readFileSync('bench/result.json', 'utf8')) as Result

  test('docs/benchmarks.md has the tables that the result makes, and no figure by hand', () => {
    expect(partOf(readFileSync('docs/benchmarks.md', 'utf8'), 'measured')).toBe(reportOf(result))
  })

  test('has a row for each scenario and app, and round trips that the tests count too', () => {
    const ofSignet = result.rows.filter(({ subject }) => subject === SIGNET)
    expect(ofSignet.map(({ scenario }) => scenario)).toEqual(Object.keys(ASKED))
    expect(result.subjects.map(({ name }) => name)).toContain('msal-node')
  })

  test('goes between its two comments and nowhere else', () => {
    const page = 'before\n<!-- made: x -->\nold\n<!-- end: x -->\nafter'
    expect(intoPage(page, 'x', 'new')).toBe('before\n<!-- made: x -->\n\nnew\n\n<!-- end: x -->\nafter')
    expect(() => intoPage(page, 'y', 'new')).toThrow('no part y')
  })

  test('has percentiles by the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i)
    expect(percentilesOf(hundred)).toEqual({ p50: 50, p95: 95, p99: 99 })
  })
})
