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
  const limits = { idleMs: HOUR_MS, absoluteMs: 8 * HOUR_MS }
  const sessions = createTableStore({ table, limits, effects })
  const said: string[] = []
  return {
    effects,
    sessions,
    said,
    table,
    async signIn(oid: string, sid: string) {
      const ticket = newTicket(effects.random)
      const { identity } = sessionOf()
      const createdAtMs = effects.now()
      const times = { createdAtMs, endsAtMs: createdAtMs + limits.absoluteMs }
      await sessions.insert(ticket, sessionOf({ identity: { ...identity, oid, sid }, ...times }), grantOf())
      return ticket
    },
    run: (...argv: string[]) =>
      runSessions(parseCommand(argv).command, {
        sessions,
        count: () => countSessions(table, limits, effects.now),
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

  it('takes an id under which nothing is for a mistake, not for done', async () => {
    const { run, signIn, sessions, said } = open()
    const alice = await signIn(ALICE, 'a')
    await expect(run('end', '--sid', 'abc')).rejects.toThrow(
      'so none was ended: compare it with the claim sid',
    )
    await expect(run('end', '--user', `${TENANT}/${BOB}`)).rejects.toThrow(
      'No session of that person was found',
    )

    expect(said).toEqual([])
    expect(await sessions.read(alice)).toBeDefined()
  })

  it.each([
    [['list'], 'say --user <tenant id>/<object id>'],
    [['list', '--desk'], 'say --user <tenant id>/<object id>'],
    [['list', '--sid', 'a'], 'list is of one person'],
    [['list', '--user', `${TENANT}/${ALICE}`, '--all'], 'nothing beside it'],
    [['count', '--all'], 'goes without --user, --sid and --all'],
    [['end'], 'Say whose sessions end: --user'],
    [['end', '--sid', 'a', '--all'], 'One of --user, --sid and --all at a time.'],
    [['--desk'], 'Say what is to be done: end, list or count.'],
    [['lst', '--all'], 'There is no such command'],
  ])('says of %j what is missing, or too much', (argv, sentence) => {
    expect(() => parseCommand(argv)).toThrow(sentence)
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

  it('counts what lives: neither what ran idle or reached its end, nor what was ended with all others, before any sweep', async () => {
    const { run, signIn, said, effects, sessions } = open()
    await signIn(ALICE, 'a')
    const bob = await signIn(BOB, 'b')
    await run('count')
    effects.advance(HOUR_MS / 2)
    await sessions.touch(bob.id, effects.now())
    effects.advance(HOUR_MS / 2)
    await run('count')
    await run('end', '--all')
    await run('count')
    effects.advance(1)
    await signIn(ALICE, 'c')
    await run('count')

    expect(said.filter((line) => !line.startsWith('Ended'))).toEqual([
      '2 sessions.',
      '1 session.',
      '0 sessions.',
      '1 session.',
    ])
  })

  it('counts no index row that leads to no session, nor one whose session was kept from beginning', async () => {
    const { run, signIn, said, table, effects } = open()
    const [stray, kept] = [await signIn(ALICE, 'a'), await signIn(BOB, 'b')]
    await table.remove(stray.id, ['session', 'grant'])
    const now = new Date(effects.now())
    await table.put({ partitionKey: kept.id, rowKey: 'session', usedAt: now, endsAt: now })
    await run('count')

    expect(said).toEqual(['0 sessions.'])
  })

  it('lists none that has ended and waits to be swept, and ends it all the same', async () => {
    const { run, signIn, said, table, effects } = open()
    const old = await signIn(ALICE, 'a')
    effects.advance(1)
    await run('end', '--all')
    const user = `${TENANT}/${ALICE}`
    await run('list', '--user', user)
    await run('end', '--user', user)

    expect(said.slice(1)).toEqual(['0 sessions.', 'Ended: 1 session.'])
    expect(await table.list(old.id)).toEqual([])
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
