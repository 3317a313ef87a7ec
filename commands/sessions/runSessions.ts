/** What `npm run sessions` does, given the table: ends sessions, counts them, lists a person's. Says what it did, line by line. */
import { parseArgs } from 'node:util'
import { isGuid } from '../../lib/config/settingsReader.ts'
import type { SessionStore } from '../../lib/session/tableStore.ts'
import { UsageFault } from '../usageFault.ts'

export const USAGE = `npm run sessions -- <command>

  end --user <tenant id>/<object id>   ends every session of one person
  end --sid <session id>               ends the sessions of one session at Entra (the claim \`sid\`)
  end --all                            ends every session of everybody, at one stroke
  list --user <tenant id>/<object id>  one person's sessions: since when, last use, kind of device, whether bound
  count                                how many sessions live: what has ended and waits to be swept is not counted

  --desk                               those of the desk that runs (\`npm start\`)
  --settings <file>                    settings from a file of NAME=value lines, over those of the environment`

const OPTIONS = {
  user: { type: 'string' },
  sid: { type: 'string' },
  all: { type: 'boolean', default: false },
  settings: { type: 'string' },
  desk: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

export type SessionsCommand =
  | { readonly kind: 'help' }
  | { readonly kind: 'end-user' | 'list'; readonly person: Person }
  | { readonly kind: 'end-sid'; readonly sid: string }
  | { readonly kind: 'end-all' | 'count' }

interface Person {
  readonly tid: Parameters<SessionStore['listOf']>[0]['tid']
  readonly oid: string
}

/** The command in the arguments, and the file with settings if one is named. Throws {@link UsageFault}. */
export function parseCommand(argv: readonly string[]): {
  command: SessionsCommand
  onDesk: boolean
  settings?: string
} {
  const { values, positionals } = parsed(argv)
  const { settings, desk: onDesk } = values
  if (onDesk && settings !== undefined)
    throw new UsageFault('A desk has settings of its own: leave --settings away.')
  const file = { onDesk, ...(settings === undefined ? {} : { settings }) }
  const [verb, ...rest] = positionals
  if (values.help) return { command: { kind: 'help' }, ...file }
  if (rest.length > 0) throw new UsageFault(`One command at a time, and ${rest.length + 1} were given.`)
  const chosen = [values.user !== undefined, values.sid !== undefined, values.all].filter(Boolean).length
  if (verb === 'count' && chosen === 0) return { command: { kind: 'count' }, ...file }
  if (verb === 'list' && chosen === 1 && values.user !== undefined)
    return { command: { kind: 'list', person: personOf(values.user) }, ...file }
  if (verb !== 'end' || chosen !== 1) throw new UsageFault(whatIsWrong(verb, chosen))
  if (values.user !== undefined)
    return { command: { kind: 'end-user', person: personOf(values.user) }, ...file }
  if (values.sid !== undefined) return { command: { kind: 'end-sid', sid: values.sid }, ...file }
  return { command: { kind: 'end-all' }, ...file }
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true })
  } catch (fault) {
    throw new UsageFault(fault instanceof Error ? fault.message : String(fault))
  }
}

/** `chosen`: how many of --user, --sid and --all stand there. */
function whatIsWrong(verb: string | undefined, chosen: number): string {
  const ofPerson = '--user <tenant id>/<object id>'
  if (verb === undefined) return 'Say what is to be done: end, list or count.'
  if (verb === 'list') return `list is of one person: say ${ofPerson}, and nothing beside it.`
  if (verb === 'count') return 'count is of everybody: it goes without --user, --sid and --all.'
  if (verb !== 'end') return 'There is no such command: it is end, list or count.'
  return chosen === 0
    ? `Say whose sessions end: ${ofPerson}, --sid <session id>, or --all.`
    : 'One of --user, --sid and --all at a time.'
}

function personOf(text: string): Person {
  const [tid = '', oid = '', ...rest] = text.toLowerCase().split('/')
  if (!isGuid(tid) || !isGuid(oid) || rest.length > 0)
    throw new UsageFault('A person is named by <tenant id>/<object id>, both GUIDs.')
  return { tid, oid }
}

/** A mistyped id is no success. */
const NONE_OF_SID =
  'No session with that id at Entra was found, so none was ended: compare it with the claim sid. Those of one person: end --user.'
const NONE_OF_PERSON =
  'No session of that person was found, so none was ended: compare both ids with the claims tid and oid.'

interface Parts {
  readonly sessions: Pick<SessionStore, 'listOf' | 'endAllOf' | 'endBySid' | 'endAllBefore'>
  readonly count: () => Promise<number>
  readonly now: () => number
  readonly print: (line: string) => void
}

/** Carries a command out. Throws an Error where nothing was found to end; `session/*` where the table does not do its part: then what was printed is all that was done. */
export async function runSessions(
  command: SessionsCommand,
  { sessions, count, now, print }: Parts,
): Promise<void> {
  switch (command.kind) {
    case 'help':
      return print(USAGE)
    case 'count':
      return print(amount(await count()))
    case 'list': {
      const { listed, notListed } = await sessions.listOf(command.person)
      const living = listed.filter(({ isLiving }) => isLiving)
      for (const { createdAtMs, usedAtMs, endsAtMs, device, isBound } of living) {
        const bound = isBound ? ', bound to it' : ''
        print(`since ${iso(createdAtMs)}  used ${iso(usedAtMs)}  until ${iso(endsAtMs)}  ${device}${bound}`)
      }
      if (notListed > 0) print(`and ${notListed} older, which nobody looked at`)
      return print(amount(living.length))
    }
    case 'end-user':
      return printEnded(print, NONE_OF_PERSON, (ended) => sessions.endAllOf(command.person, ended))
    case 'end-sid':
      return printEnded(print, NONE_OF_SID, (ended) => sessions.endBySid(command.sid, ended))
    case 'end-all':
      await sessions.endAllBefore(now())
      return print(
        `Ended: every session that began before ${iso(now())}. Instances that are running notice within a minute.`,
      )
  }
}

/** Says how many sessions ended, also where a fault of the table kept others from it. Throws what `none` says where there were none. */
async function printEnded(
  print: Parts['print'],
  none: string,
  end: (ended: () => void) => Promise<void>,
): Promise<void> {
  let count = 0
  try {
    await end(() => {
      count += 1
    })
  } finally {
    if (count > 0) print(`Ended: ${amount(count)}`)
  }
  if (count === 0) throw new Error(none)
}

function amount(sessions: number): string {
  return sessions === 1 ? '1 session.' : `${sessions} sessions.`
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
