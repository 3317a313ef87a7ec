/** The health endpoints: strangers hear yes or no, the log hears why, and no probe can make the app work for it. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { keyDisabled } from '../../local/vault/vaultError.ts'
import { openJourney } from '../support/openJourney.ts'
import { readiness } from '../support/readiness.ts'
import { isSignedIn } from '../support/screens.ts'
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
      },
    })

    tables.faults.clear()
    world.advance(MINUTE_MS)
    expect(await readiness(world)).toEqual({
      status: 200,
      logged: { ready: true, vault: 'ok', entra: 'ok', sessions: 'ok' },
    })
    world.advance(MINUTE_MS)
    expect(await readiness(world)).toEqual({ status: 200, logged: undefined })
  })

  test('looks once a minute, however often it is asked, and writes no more lines than that', async () => {
    world.replaceInstance()
    const [signed, asked, lines] = [signatures(), tables.requests.length, world.logs.length]
    tables.faults.always({ kind: 'forbid' })
    for (let second = 0; second < 120; second += 1) {
      expect((await readiness(world)).status).toBe(503)
      world.advance(1_000)
    }
    expect(signatures() - signed).toBe(2)
    expect(tables.requests.length - asked).toBe(2)
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
    world.advance(8 * MINUTE_MS)
    expect((await readiness(world)).status).toBe(200)
    world.advance(MINUTE_MS)
    expect((await readiness(world)).status).toBe(503)
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
