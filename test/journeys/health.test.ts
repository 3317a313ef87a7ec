/** The health endpoints: strangers hear yes or no, the log hears why, and no probe can make the app work for it. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Fault } from '../../local/entra/wire/fault.ts'
import { keyDisabled } from '../../local/vault/vaultError.ts'
import { openJourney } from '../support/openJourney.ts'
import { readiness } from '../support/readiness.ts'
import { isSignedIn } from '../support/screens.ts'
import { shortenDeadline } from '../support/shortenDeadline.ts'
import { newVisitor } from '../support/visitor.ts'

const MINUTE_MS = 60_000

const world = await openJourney({ isFrozen: true })
const { vault, tables, entra } = world.desk

const signatures = () => vault.requests.filter(({ operation }) => operation === 'sign').length

describe('/health/ready', () => {
  test('tells strangers yes or no; what is wrong, and that it is over, is told the log', async () => {
    world.replaceInstance()
    expect(await readiness(world)).toEqual({ status: 200, logged: undefined })

    tables.faults.always({ kind: 'unavailable' })
    entra.switches.faults = { metadata: { kind: 'drop' } }
    world.advance(MINUTE_MS)
    expect(await readiness(world)).toEqual({
      status: 503,
      logged: {
        ready: false,
        vault: 'ok',
        entra: 'ok',
        sessions: expect.stringMatching(/^session\/store_unavailable: /),
        tokenRequests: 'ok',
      },
    })

    tables.faults.clear()
    world.advance(MINUTE_MS)
    expect(await readiness(world)).toEqual({
      status: 200,
      logged: { ready: true, vault: 'ok', entra: 'ok', sessions: 'ok', tokenRequests: 'ok' },
    })
    world.advance(MINUTE_MS)
    expect(await readiness(world)).toEqual({ status: 200, logged: undefined })
  })

  test('looks once a minute, however often it is asked, and writes no more lines than that', async () => {
    world.replaceInstance()
    expect((await readiness(world)).status).toBe(200)
    world.advance(MINUTE_MS)
    const [signed, asked, lines] = [signatures(), tables.requests.length, world.logs.length]
    tables.faults.always({ kind: 'forbid' })
    for (let second = 0; second < 120; second += 1) {
      expect((await readiness(world)).status).toBe(503)
      world.advance(1_000)
    }
    expect(signatures() - signed).toBe(2)
    // Of each look one for sessions, and one for which version signs.
    expect(tables.requests.length - asked).toBe(4)
    expect(world.logs.slice(lines).filter(({ event }) => event === 'readiness')).toHaveLength(2)
  })

  test('has the key sign: one that was disabled shows within a minute, while the assertion held still signs people in (K3)', async () => {
    world.replaceInstance()
    expect((await readiness(world)).status).toBe(200)
    vault.faults.always(keyDisabled, 'sign')
    world.advance(MINUTE_MS)
    expect(await readiness(world)).toMatchObject({
      status: 503,
      logged: { vault: expect.stringMatching(/^vault\/key_unusable: /) },
    })
    const visitor = newVisitor(world.origin)
    await visitor.signIn()
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test('stays green while the vault is away and the assertion held is good: a sign-in would succeed', async () => {
    world.replaceInstance()
    expect((await readiness(world)).status).toBe(200)
    vault.faults.always({ kind: 'unavailable' })
    world.advance(7 * MINUTE_MS)
    expect((await readiness(world)).status).toBe(200)
    world.advance(2 * MINUTE_MS)
    expect((await readiness(world)).status).toBe(503)
  })
})

describe('/health/ready after sign-ins that failed', () => {
  const signIn = () => newVisitor(world.origin).signIn()

  test('says no once Entra refused the certificate, and yes with the first sign-in that gets through', async () => {
    world.replaceInstance()
    expect(await readiness(world)).toEqual({ status: 200, logged: undefined })
    const { x5tS256, der } = vault.certificate()
    entra.removeCertificate(world.desk.clientId, x5tS256)
    await signIn()
    expect(await readiness(world)).toEqual({
      status: 503,
      logged: {
        ready: false,
        vault: 'ok',
        entra: 'ok',
        sessions: 'ok',
        tokenRequests: expect.stringMatching(/^entra\/client_rejected: invalid_client AADSTS\d+$/),
      },
    })
    entra.registerCertificate(world.desk.clientId, der)
    expect((await readiness(world)).status).toBe(503)
    await signIn()
    expect(await readiness(world)).toMatchObject({ status: 200, logged: { ready: true } })
  })

  test.each<[what: string, fault: Fault, code: string]>([
    ['stalls', { kind: 'stall' }, 'entra/unavailable'],
    ['is cut off', { kind: 'drop' }, 'entra/unavailable'],
    ['fails', { kind: 'status', status: 503 }, 'entra/unavailable'],
    ['is answered by a proxy with a page', { kind: 'html' }, 'entra/malformed_response'],
    ['is redirected', { kind: 'redirect', location: 'https://proxy.example/' }, 'entra/malformed_response'],
  ])(
    'says no where the token endpoint %s, for five minutes if nobody tries again',
    async (_what, fault, code) => {
      world.replaceInstance()
      shortenDeadline(5_000)
      entra.switches.faults = { token: fault }
      await signIn()
      const { status, logged } = await readiness(world)
      expect([status, String(logged?.tokenRequests).split(':')[0]]).toEqual([503, code])

      entra.switches.reset()
      world.advance(5 * MINUTE_MS - 1)
      expect((await readiness(world)).status).toBe(503)
      world.advance(1)
      expect((await readiness(world)).status).toBe(200)
    },
  )

  test('says yes after a page with 403 in place of an answer to a code, which anybody can bring about where a filter reads what codes hold', async () => {
    world.replaceInstance()
    entra.switches.faults = { token: { kind: 'status', status: 403 } }
    await signIn()
    entra.switches.reset()

    expect((await readiness(world)).status).toBe(200)
  })

  test('says yes after a failure that the same sign-in got over, and after a code that somebody made up', async () => {
    world.replaceInstance()
    entra.switches.faults = { token: { kind: 'drop', times: 1 } }
    await signIn()
    expect((await readiness(world)).status).toBe(200)

    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback()
    form.fields.set('code', 'made-up')
    await visitor.post(form)
    expect((await readiness(world)).status).toBe(200)
  })

  test('goes by its own instance: another one that nobody tried says yes', async () => {
    world.replaceInstance()
    entra.switches.token.refuse = 7000274
    await signIn()
    expect((await readiness(world)).status).toBe(503)
    world.replaceInstance()
    expect((await readiness(world)).status).toBe(200)
  })

  test('is never logged as `ok` while it says no', async () => {
    world.replaceInstance()
    const outcomes = () =>
      world.logs.flatMap(({ facts }) => (facts.route === 'ready' ? [[facts.status, facts.outcome]] : []))
    const seen = outcomes().length
    expect((await readiness(world)).status).toBe(200)
    tables.faults.always({ kind: 'unavailable' })
    world.advance(MINUTE_MS)
    expect((await readiness(world)).status).toBe(503)
    expect(outcomes().slice(seen)).toEqual([
      [200, 'ok'],
      [503, 'health/not_ready'],
    ])
  })
})

test('the query for readiness reads the fields that its lines have', () => {
  const query = readFileSync('infra/queries/readiness.kql', 'utf8')
  const written = world.logs.find(({ event }) => event === 'readiness')?.facts ?? {}
  const read = [...query.matchAll(/\bLine\.(\w+)/g)].map(([, field]) => field)

  expect(['event', ...Object.keys(written)].toSorted()).toEqual([...new Set(read)].toSorted())
})

test('/health/live needs nobody', async () => {
  vault.faults.always({ kind: 'unavailable' })
  tables.faults.always({ kind: 'unavailable' })
  const { status, text } = await newVisitor(world.origin).ask(`${world.origin}/health/live`)
  expect([status, JSON.parse(text)]).toEqual([200, { status: 'live' }])
})
