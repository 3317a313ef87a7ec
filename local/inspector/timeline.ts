/*
 * Which requests make up one sign-in. Entra's endpoints know it; what the app asks of others at the same time names no
 * sign-in, so it is counted to the one whose own request is nearest in time. Two people in the same second may thus swap a
 * table row on these pages; what a request is about never depends on it.
 */
import { assertionOf, detailsIn, type Happening, type Logs } from './happening.ts'

/** One sign-in, from the authorization request to the sign-out. */
export interface SignIn {
  readonly id: string
  /** In order. */
  readonly happenings: readonly Happening[]
  /** The signature under its client assertion, where that was made for an earlier sign-in or ahead of any. */
  readonly signedAhead: Happening | undefined
}

/** Newest first, both. */
export interface Timeline {
  readonly signIns: readonly SignIn[]
  /** What belongs to no sign-in: health checks, an assertion renewed ahead, an app's own tokens. */
  readonly background: readonly Happening[]
}

const MOST_SIGN_INS = 10
const MOST_BACKGROUND = 20
/** How far a request that names no sign-in may be from one that does. */
const NEAR_MS = 2_000

/** Puts the logs in one order and groups them. Pure. */
export function timeline(logs: Logs): Timeline {
  const happenings = inOrder(logs)
  const owners = nearestOwners(happenings, namedOwners(happenings))
  const bySignIn = Map.groupBy(happenings.keys(), (index) => owners[index])
  const of = (id: string | undefined): Happening[] =>
    (bySignIn.get(id) ?? []).flatMap((index) => happenings[index] ?? [])

  const newest = [...bySignIn.keys()].filter((id) => id !== undefined).slice(-MOST_SIGN_INS)
  const signIns = newest.map((id): SignIn => {
    const own = of(id)
    const signature = signatureFor(own, happenings)
    return {
      id,
      happenings: own,
      signedAhead: signature !== undefined && own.includes(signature) ? undefined : signature,
    }
  })
  return { signIns: signIns.reverse(), background: of(undefined).slice(-MOST_BACKGROUND).reverse() }
}

/** By time; within one millisecond in the order in which a sign-in needs them. */
function inOrder({ identity, vault, entra, tables, front }: Logs): Happening[] {
  return [
    ...identity.map((request) => ({ to: 'identity' as const, request })),
    ...vault.map((request) => ({ to: 'vault' as const, request })),
    // Browsers ask for the icon by themselves.
    ...entra
      .filter(({ path }) => path !== '/favicon.ico')
      .map((request) => ({ to: 'entra' as const, request })),
    // The table itself is the desk's doing, as it is the deployment's in Azure.
    ...tables
      .filter(({ operation }) => operation !== 'create table')
      .map((request) => ({ to: 'tables' as const, request })),
    ...front.map((request) => ({ to: 'front' as const, request })),
  ].sort((one, other) => one.request.at - other.request.at)
}

/**
 * The sign-in that each request names; a sign-out belongs to the latest sign-in of the person whom it signs out. A session is bound after
 * the latest sign-in, and what renews it later names that session.
 */
function namedOwners(happenings: readonly Happening[]): (string | undefined)[] {
  const latestOf = new Map<string, string>()
  const boundTo = new Map<string, string>()
  let latest: string | undefined
  let redeemed: string | undefined
  return happenings.map(({ to, request }) => {
    // A session is written after its code was redeemed: nothing else writes its rows together.
    if (to === 'tables' && request.operation === 'batch' && redeemed !== undefined) {
      const owner = redeemed
      redeemed = undefined
      return owner
    }
    if (to === 'front') {
      const { kind, session = '' } = request
      if (kind === 'registration' && latest !== undefined) boundTo.set(session, latest)
      return boundTo.get(session) ?? latest
    }
    if (to !== 'entra') return undefined
    const { signIn, kind, details } = request
    if (signIn !== undefined && typeof details.person === 'string') latestOf.set(details.person, signIn)
    latest = signIn ?? latest
    if (kind === 'token' && details.grantType === 'authorization_code')
      redeemed = details.outcome === 'issued' ? signIn : undefined
    if (kind !== 'logout') return signIn
    const [person] = Array.isArray(details.signedOut) ? details.signedOut : []
    return latestOf.get(String(person))
  })
}

/** Owners for the rest: the named one before or after it, whichever is nearer, if it is near at all. */
function nearestOwners(
  happenings: readonly Happening[],
  named: readonly (string | undefined)[],
): (string | undefined)[] {
  const neighbours = (order: readonly number[]): Map<number, number> => {
    const found = new Map<number, number>()
    let neighbour: number | undefined
    for (const index of order) {
      if (named[index] !== undefined) neighbour = index
      if (neighbour !== undefined) found.set(index, neighbour)
    }
    return found
  }
  const forwards = [...happenings.keys()]
  const before = neighbours(forwards)
  const after = neighbours(forwards.toReversed())
  const distance = (one: number, other: number | undefined): number => {
    const [here, there] = [happenings[one], other === undefined ? undefined : happenings[other]]
    return here && there ? Math.abs(here.request.at - there.request.at) : Number.POSITIVE_INFINITY
  }
  return happenings.map((happening, index) => {
    if (named[index] !== undefined || standsAlone(happening)) return named[index]
    const [last, next] = [before.get(index), after.get(index)]
    const nearest = distance(index, last) <= distance(index, next) ? last : next
    return nearest !== undefined && distance(index, nearest) <= NEAR_MS ? named[nearest] : undefined
  })
}

/** An app that acts as itself, or looks whether its table answers, signs nobody in, however near it is. */
function standsAlone({ to, request }: Happening): boolean {
  if (to === 'tables') return request.path.includes("'health'")
  return to === 'entra' && request.kind === 'token' && request.details.grantType === 'client_credentials'
}

/** The vault's first signature at or after the moment that the redeemed assertion states: the one under that assertion. */
function signatureFor(own: readonly Happening[], all: readonly Happening[]): Happening | undefined {
  const redemption = own.find(({ to, request }) => to === 'entra' && request.kind === 'token')
  if (redemption?.to !== 'entra') return undefined
  const iat = detailsIn(assertionOf(redemption.request)?.claims).iat
  if (typeof iat !== 'number') return undefined
  return all.find(
    ({ to, request }) =>
      to === 'vault' &&
      request.operation === 'sign' &&
      request.status === 200 &&
      request.at >= iat * 1_000 &&
      request.at <= redemption.request.at,
  )
}
