import { describe, expect, it } from 'vitest'
import { countSessions } from '../../../commands/sessions/countSessions.ts'
import { parseCommand, runSessions } from '../../../commands/sessions/runSessions.ts'
import { UsageFault } from '../../../commands/usageFault.ts'
import { createTableStore } from '../../../lib/session/tableStore.ts'
import { newTicket } from '../../../lib/session/ticket.ts'
import { TENANT } from '../../support/configOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'
import { createMemoryTable } from '../../support/memoryTable.ts'
import { BINDING, grantOf, sessionOf } from '../../support/sessionOf.ts'

const ALICE = '0b1ec700-0000-4000-8000-00000000000a'
const BOB = '0b1ec700-0000-4000-8000-00000000000b'
const HOUR_MS = 3_600_000

function open() {
  const effects = heldEffects()
  const table = createMemoryTable()
  const sessions = createTableStore({ table, limits: { idleMs: HOUR_MS, absoluteMs: 8 * HOUR_MS }, effects })
  const said: string[] = []
  return {
    effects,
    sessions,
    said,
    async signIn(oid: string, sid: string) {
      const ticket = newTicket(effects.random)
      const { identity } = sessionOf()
      await sessions.insert(ticket, sessionOf({ identity: { ...identity, oid, sid } }), grantOf())
      return ticket
    },
    run: (...argv: string[]) =>
      runSessions(parseCommand(argv).command, {
        sessions,
        count: () => countSessions(table, effects.now),
        now: effects.now,
        print: (line) => void said.push(line),
      }),
  }
}

describe('npm run sessions', () => {
  it('ends every session of one person, whatever the case of the ids, and nobody else’s', async () => {
    const { run, signIn, sessions, said } = open()
    const [first, second, bob] = [await signIn(ALICE, 'a'), await signIn(ALICE, 'b'), await signIn(BOB, 'c')]
    await run('end', '--user', `${TENANT}/${ALICE}`.toUpperCase())

    expect(await sessions.read(first)).toBeUndefined()
    expect(await sessions.read(second)).toBeUndefined()
    expect(await sessions.read(bob)).toBeDefined()
    expect(said).toEqual(['Ended: 2 sessions.'])
  })

  it('ends the sessions of one session at Entra', async () => {
    const { run, signIn, sessions, said } = open()
    const [alice, bob] = [await signIn(ALICE, 'a'), await signIn(BOB, 'c')]
    await run('end', '--sid', 'a')

    expect(await sessions.read(alice)).toBeUndefined()
    expect(await sessions.read(bob)).toBeDefined()
    expect(said).toEqual(['Ended: 1 session.'])
  })

  it('ends everybody’s at one stroke, and later ones live', async () => {
    const { run, signIn, sessions, said, effects } = open()
    const alice = await signIn(ALICE, 'a')
    effects.advance(1)
    await run('end', '--all')

    expect(await sessions.read(alice)).toBeUndefined()
    expect(said[0]).toMatch(/^Ended: every session that began before 2026-.*within a minute\.$/)
  })

  it('lists a person’s sessions by time and device, and no id by which one could be found', async () => {
    const { run, signIn, said } = open()
    const { id } = await signIn(ALICE, 'a')
    await run('list', '--user', `${TENANT}/${ALICE}`)

    expect(said).toHaveLength(2)
    expect(said[0]).toMatch(/^since 2026-\S+ {2}used 2026-\S+ {2}until 2026-\S+ {2}Firefox on Linux$/)
    expect(said[1]).toBe('1 session.')
    expect(said.join()).not.toContain(id)
  })

  it('says which of them are bound to their device', async () => {
    const { run, signIn, said, sessions } = open()
    const ticket = await signIn(ALICE, 'a')
    const { etag = '' } = (await sessions.read(ticket)) ?? {}
    await sessions.bind(ticket, etag, BINDING)
    await run('list', '--user', `${TENANT}/${ALICE}`)

    expect(said[0]).toMatch(/ {2}Firefox on Linux, bound to it$/)
  })

  it('counts what has not reached its end', async () => {
    const { run, signIn, said, effects } = open()
    await signIn(ALICE, 'a')
    await signIn(BOB, 'b')
    await run('count')
    effects.advance(8 * HOUR_MS)
    await run('count')

    expect(said.map((line) => line.split(' ')[0])).toEqual(['2', '0'])
  })

  it.each([
    [],
    ['end'],
    ['end', '--all', '--sid', 'a'],
    ['end', '--user', 'alice@contoso.com'],
    ['end', '--user', `${TENANT}/${ALICE}/x`],
    ['list'],
    ['list', '--all'],
    ['count', '--all'],
    ['count', 'count'],
    ['stop'],
    ['end', '--everything'],
  ])('takes nothing for a command that is none: %j %j %j %j', (...argv) => {
    expect(() => parseCommand(argv.filter((one) => one !== undefined))).toThrow(UsageFault)
  })
})
