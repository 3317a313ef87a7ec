import { readFile, rm } from 'node:fs/promises'
import http from 'node:http'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeUnderRealHost } from '../support/realHost.ts'
import { buildApps } from './cases/buildApps.ts'
import { type Case, type Expectation, type Mode, noAnswer } from './cases/case.ts'
import { differences } from './cases/differences.ts'
import { replies } from './cases/replies.ts'
import { requests } from './cases/requests.ts'
import { routing } from './cases/routing.ts'
import { type Answer, type Sending, send } from './cases/send.ts'
import { type RunningApps, startApps } from './cases/startApps.ts'
import { trust } from './cases/trust.ts'

const patienceMs = 10_000
/** Long enough to tell "never" from "soon": a host that answers does so within milliseconds. */
const neverMs = 400

const modes: readonly Mode[] = ['buffered', 'streaming']
const groups: Readonly<Record<string, readonly Case[]>> = { routing, requests, replies, trust }

let built: Awaited<ReturnType<typeof buildApps>>
beforeAll(async () => {
  built = await buildApps()
})
afterAll(() => rm(built.root, { recursive: true, force: true }))

describe('the local host', () => behavesAsDescribed(undefined))

describeUnderRealHost('the Azure Functions host', behavesAsDescribed)

function behavesAsDescribed(program: string | undefined): void {
  let apps: RunningApps
  beforeAll(async () => {
    apps = await startApps(built, program)
  })
  afterAll(async () => {
    await Promise.all(Object.values(apps ?? {}).map((app) => app.stop()))
  })

  describe.each(modes)('%s', (mode) => {
    const get = (path: string, more?: Partial<Sending>) => answerOf(apps[mode].port, { path, ...more })

    describe.each(Object.entries(groups))('%s', (_, cases) => {
      it.concurrent.each(cases)('$title', async ({ send: sending, expect: outcome }) => {
        const expected = typeof outcome === 'object' && 'buffered' in outcome ? outcome[mode] : outcome
        const answer = await send(apps[mode].port, sending, expected === noAnswer ? neverMs : patienceMs)
        if (expected === noAnswer) expect(answer).toBeUndefined()
        else check(answer, expected)
      })
    })

    it(`a reply ${mode === 'buffered' ? 'is kept back until it is complete' : 'arrives as it is made'}`, async () => {
      const slow = http.get({ host: '127.0.0.1', port: apps[mode].port, path: '/slow', agent: false })
      const chunks: string[] = []
      const ended = new Promise<void>((resolve, reject) => {
        slow.on('error', reject).on('response', (response) => {
          response
            .setEncoding('utf8')
            .on('data', (chunk) => chunks.push(chunk))
            .on('end', resolve)
        })
      })
      const hasBegun = await until(() => chunks.length > 0, mode === 'buffered' ? neverMs : patienceMs)
      expect(hasBegun).toBe(mode === 'streaming')
      expect(chunks).toEqual(mode === 'streaming' ? ['first '] : [])
      await get('/release')
      await ended
      expect(chunks.join('')).toBe('first last')
    })

    it('a timer runs at start when it asks for it, on its schedule, and when it is told to', async () => {
      const runsOf = async (name: string): Promise<{ timer: object }[]> => {
        const { body } = await get('/runs')
        return JSON.parse(body.toString()).filter((run: { name: string }) => run.name === name)
      }
      const [first, ...others] = await runsOf('yearly')
      expect(others).toEqual([])
      expect(first?.timer).toMatchObject({
        schedule: { adjustForDST: true },
        scheduleStatus: { last: '0001-01-01T00:00:00', next: expect.stringMatching(/^\d{4}-01-01T00:00:00/) },
        isPastDue: false,
      })
      const told = await get('/admin/functions/YEARLY', {
        method: 'POST',
        headers: [['Content-Type', 'application/json']],
        body: '{}',
        withKey: true,
      })
      expect(told.status).toBe(202)
      expect(await until(async () => (await runsOf('yearly')).length === 2)).toBe(true)
      expect(await until(async () => (await runsOf('everySecond')).length >= 2)).toBe(true)
      const [everySecond] = await runsOf('everySecond')
      expect(everySecond?.timer).toMatchObject({ scheduleStatus: null, isPastDue: false })
    })

    it('hooks run in their order', async () => {
      await get('/hooked')
      const events: string[] = JSON.parse((await get('/events')).body.toString())
      expect([events[0], ...events.slice(-2)]).toEqual(['appStart', 'preInvocation', 'postInvocation'])
    })

    it('what the app logs is printed', async () => {
      await get('/logs')
      const lines = ['logged with context', 'logged with console']
      expect(await until(() => lines.every((line) => apps[mode].output().includes(line)))).toBe(true)
    })
  })

  describe('an app that leaves everything to the defaults', () => {
    it('is served under /api by the name of its function, with the headers of host.json', async () => {
      const answer = await answerOf(apps.plain.port, { method: 'POST', path: '/api/hello', body: 'four' })
      check(answer, { body: 'POST 4', headers: { 'x-custom': 'added', 'x-ms-invocation-id': null } })
    })

    it('is not served without the prefix', async () => {
      check(await answerOf(apps.plain.port, { path: '/hello' }), { status: 404 })
    })

    it.each(['GET', 'POST', 'FOO'])('has the page of the host at its root: %s', async (method) => {
      const answer = await answerOf(apps.plain.port, { method, path: '/' })
      check(answer, { headers: { 'content-type': 'text/html', server: 'Kestrel' } })
    })

    it('takes no body beyond 104,857,600 bytes', async () => {
      check(await answerOf(apps.plain.port, { path: '/api/hello', announce: 104_857_601 }), {
        status: 500,
        body: '',
      })
    })
  })

  describe('differs knowingly', () => {
    it.each(differences)('in $title: $why', async ({ send: sending, local, real }) => {
      check(await answerOf(apps.streaming.port, sending), program ? real : local)
    })
  })

  it('runs the appTerminate hooks when it is stopped, and leaves nobody on the port', async () => {
    const { buffered } = apps
    await buffered.stop()
    expect(await readFile(path.join(built.casesDir, 'terminated'), 'utf8')).toBe('appTerminate')
    await expect(answerOf(buffered.port, { path: '/empty' })).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
}

async function answerOf(port: number, sending: Sending): Promise<Answer> {
  const answer = await send(port, sending, patienceMs)
  if (!answer) throw new Error(`${sending.path} was not answered.`)
  return answer
}

function check(answer: Answer | undefined, expected: Expectation): void {
  expect(answer?.status).toBe(expected.status ?? 200)
  const { headers = {}, body = Buffer.alloc(0), setCookie } = answer ?? {}
  if (expected.setCookie) expect(setCookie).toEqual(expected.setCookie)
  if (typeof expected.body === 'string') expect(body.toString('utf8')).toBe(expected.body)
  if (expected.body instanceof Buffer) expect(body.equals(expected.body), 'the body is the same').toBe(true)
  for (const [name, value] of Object.entries(expected.headers ?? {})) {
    expect([name, headers[name]]).toEqual([name, value ?? undefined])
  }
  if (!expected.sees && !expected.seesHeaders) return
  const seen = JSON.parse(body.toString('utf8'))
  for (const [field, value] of Object.entries(expected.sees ?? {}))
    expect([field, seen[field]]).toEqual([field, value])
  for (const [name, value] of Object.entries(expected.seesHeaders ?? {})) {
    expect([name, seen.headers[name]]).toEqual([name, value ?? undefined])
  }
}

/** Waits until something is so; false when it has not come about in time. */
async function until(isSo: () => boolean | Promise<boolean>, withinMs = patienceMs): Promise<boolean> {
  for (const giveUpAt = Date.now() + withinMs; Date.now() < giveUpAt; await sleep(20)) {
    if (await isSo()) return true
  }
  return false
}
