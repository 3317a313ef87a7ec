/** People in front of two instances: what they ask of either, and what Entra hears of it. */
import { expect } from 'vitest'
import { openTicket, type Ticket } from '../../lib/session/ticket.ts'
import type { EntraRequest } from '../../local/entra/requestLog.ts'
import { TO_INSTANCE } from './frontDoor.ts'
import type { TwoInstances } from './openTwoInstances.ts'
import type { TableRow } from './sessionRows.ts'
import { type Ask, newVisitor, type Visitor } from './visitor.ts'

const FROM_SCRIPT = {
  accept: 'application/json',
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
  'x-csrf': '1',
}

export interface Somebody {
  readonly visitor: Visitor
  readonly oid: string
}

export interface AtTwo {
  /** A request of our own script to one instance, or to whichever is next. */
  at(instance: number | undefined): Ask
  signIn(oid: string): Promise<Somebody>
  signOut(somebody: Somebody, instance: number): Promise<void>
  /** A call of an API; who the API saw, or the code of the error. */
  call(somebody: Somebody, api: 'orders' | 'reports', instance?: number): Promise<string>
  isSignedIn(somebody: Somebody, instance: number): Promise<boolean>
  ticketOf(somebody: Somebody): Ticket
  /** Of one session. */
  rowsOf(id: string): Promise<TableRow[]>
  /** Every refresh so far. */
  refreshes(): EntraRequest[]
  /** Holds the next refresh at Entra: `held` waits until it is there, `release` lets it go. */
  holdRefresh(): { readonly held: () => Promise<void>; readonly release: () => void }
}

export function peopleAt({ desk, origin, rows }: TwoInstances): AtTwo {
  const { entra } = desk
  const at = (instance: number | undefined): Ask => ({
    headers: { ...FROM_SCRIPT, ...(instance === undefined ? {} : { [TO_INSTANCE]: String(instance) }) },
    from: origin,
  })
  const refreshes = () =>
    entra.log.filter(({ kind, details }) => kind === 'token' && details.grantType === 'refresh_token')
  return {
    at,
    refreshes,
    async signIn(oid) {
      const visitor = newVisitor(origin)
      const reply = await visitor.signIn('/auth/login', { person: oid })
      expect(reply.status).toBe(303)
      return { visitor, oid }
    },
    async signOut({ visitor }, instance) {
      const headers = { [TO_INSTANCE]: String(instance) }
      const reply = await visitor.ask(`${origin}/auth/logout`, { method: 'POST', from: origin, headers })
      expect(reply.status).toBe(303)
    },
    async call({ visitor }, api, instance) {
      const reply = await visitor.ask(`${origin}/api/${api}/list`, at(instance))
      const { objectId, code } = JSON.parse(reply.text || '{}')
      return reply.status === 200 ? String(objectId) : String(code ?? reply.status)
    },
    async isSignedIn({ visitor }, instance) {
      const reply = await visitor.ask(`${origin}/auth/session`, at(instance))
      expect(reply.status).toBe(200)
      return JSON.parse(reply.text).authenticated
    },
    ticketOf({ visitor }) {
      const ticket = openTicket(visitor.appCookies.get('__Host-signet')?.value ?? '')
      if (ticket === undefined) throw new Error('no session cookie')
      return ticket
    },
    rowsOf: async (id) => (await rows.all()).filter(({ partitionKey }) => partitionKey === id),
    holdRefresh() {
      const { promise: until, resolve: release } = Promise.withResolvers<void>()
      entra.switches.faults.token = { kind: 'hold', until, times: 1 }
      const isHeld = () => entra.switches.faults.token?.times === 0
      return { release, held: () => expect.poll(isHeld, { timeout: 20_000 }).toBe(true) }
    },
  }
}
