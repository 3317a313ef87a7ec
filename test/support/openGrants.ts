/** Grants in memory and an Entra that refreshes them, for any number of instances. */
import type { Effects } from '../../lib/base/effects.ts'
import type { RefreshGrant } from '../../lib/entra/refreshGrant.ts'
import { createGrantRows } from '../../lib/grant/grantRow.ts'
import { createUserTokens, type SignedIn } from '../../lib/grant/userTokens.ts'
import type { Grant } from '../../lib/session/session.ts'
import { createTableStore } from '../../lib/session/tableStore.ts'
import { newTicket } from '../../lib/session/ticket.ts'
import { heldEffects } from './heldEffects.ts'
import { createMemoryTable, type Weather } from './memoryTable.ts'
import { sessionOf } from './sessionOf.ts'

const HOUR_MS = 3_600_000
export const ORDERS = ['api://orders/read']
export const STOCK = ['api://stock/read', 'api://stock/write']

interface Asked {
  readonly refreshToken: string
  readonly scope: string
}

export function openGrants(weather: Weather = {}, replaced: Partial<Effects> = {}) {
  const effects = heldEffects(replaced)
  const table = createMemoryTable(weather)
  const limits = { idleMs: HOUR_MS, absoluteMs: 8 * HOUR_MS }
  const store = createTableStore({ table, limits, effects })
  const asked: Asked[] = []
  let answer: RefreshGrant = async ({ refreshToken, scope, identity }) => {
    const nowMs = effects.now()
    const token = `${identity.oid}/${scope}/${asked.length}`
    const held = {
      token,
      obtainedAtMs: nowMs,
      expiresAtMs: nowMs + HOUR_MS,
      renewAtMs: nowMs + HOUR_MS - 300_000,
    }
    return { held, successor: `${refreshToken}+` }
  }
  const entra: RefreshGrant = async (input) => {
    asked.push({ refreshToken: input.refreshToken, scope: input.scope })
    return answer(input)
  }
  const instance = () => {
    const tokens = createUserTokens({
      rows: createGrantRows({ table, effects }),
      refresh: entra,
      admits: ({ roles = [] }) => !roles.includes('Unwanted'),
      describe: (ticket, identity) => store.describe(ticket, identity),
      end: (id) => store.end(id),
      effects,
    })
    return {
      ...tokens,
      tokenFor: async (...asked: Parameters<typeof tokens.tokenFor>) =>
        (await tokens.tokenFor(...asked)).token,
      heldFor: tokens.tokenFor,
    }
  }
  return {
    effects,
    table,
    store,
    asked,
    instance,
    answerWith: (next: RefreshGrant) => {
      const before = answer
      answer = next
      return before
    },
    async signIn(
      oid = 'alice',
      grant: Grant = { refreshToken: `refresh-${oid}`, accessTokens: {} },
    ): Promise<SignedIn> {
      const session = sessionOf({ identity: { ...sessionOf().identity, oid } })
      const ticket = newTicket(effects.random)
      await store.insert(ticket, session, grant)
      return { ticket, session }
    },
  }
}
