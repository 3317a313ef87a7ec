/**
 * Access tokens of a signed-in person, by API. One refresh token serves them all. In one instance a session asks Entra for one token at a
 * time; across instances a lease on the grant row sees to it, so that callers who come together get what one of them asked for. A token that
 * is still good is served whatever happens to its successor.
 */
import { base64url } from '../base/crypto.ts'
import type { Effects } from '../base/effects.ts'
import type { Identity } from '../entra/idToken.ts'
import type { Refreshed, RefreshGrant } from '../entra/refreshGrant.ts'
import { AppError, asAppError } from '../errors/appError.ts'
import { faultFacts } from '../errors/faultFacts.ts'
import type { GrantRow, PersonHash } from '../session/rows.ts'
import { described, type Grant, type HeldAccessToken, type Session } from '../session/session.ts'
import type { Stored } from '../session/table.ts'
import type { Ticket } from '../session/ticket.ts'
import type { GrantRows, StoredGrant } from './grantRow.ts'
import { isFree, LEASE_MS, requireNoPause, restAfter, whileLeased } from './lease.ts'
import { createOneAtATime } from './oneAtATime.ts'

/** A token is not presented in its last minute. Milliseconds. */
const EXPIRY_MARGIN_MS = 60_000
/** A token younger than that, refused by its API, is kept: its successor would be refused too. Milliseconds. */
const YOUNG_MS = 60_000
/** How often whoever waits for another instance looks again. Milliseconds. */
const LOOK_AGAIN_MS = 100
/** Entra is not asked about a person again so soon after it was asked for whatever reason. Milliseconds. */
export const CONFIRM_PAUSE_MS = 60_000
/** Longest wait for another instance: its lease, and some more. Milliseconds. */
const WAIT_MS = 14_000
/** Of random; names whoever holds a lease. */
const HOLDER_BYTES = 9

export interface SignedIn {
  readonly ticket: Ticket
  readonly session: Session
  /** The row of the grant, where it was read along with the session. It may be a moment old: what it lacks is looked for anew, and so is all of it by whoever had to wait. */
  readonly grantRow?: Stored<GrantRow>
}

export interface UserTokens {
  /**
   * An access token for these scopes of one API. Throws `session/required` where the session has ended meanwhile or Entra ended it,
   * `entra/interaction_required` and `entra/no_access` where the person has to do something first, and what a token request throws.
   */
  tokenFor(signedIn: SignedIn, scopes: readonly string[]): Promise<HeldAccessToken>
  /** Another token for the one that its API refused; the same where it is younger than a minute: its successor would be refused too. */
  renew(signedIn: SignedIn, scopes: readonly string[], refused: HeldAccessToken): Promise<HeldAccessToken>
  /**
   * Asks Entra whether the person is still who they were, unless it was asked a minute ago, by whatever instance, or is being asked. Throws
   * `session/required` where the session has ended; everything else that fails leaves it as it is, and is told.
   */
  confirm(signedIn: SignedIn): Promise<Confirmed>
  /** How it stands with a grant: by scopes, with spaces between. */
  standingOf(signedIn: SignedIn): Promise<GrantStanding>
}

export interface GrantStanding {
  /** Of these there is a token now. */
  readonly held: ReadonlySet<string>
  /** These were last refused for want of consent. */
  readonly withoutConsent: ReadonlySet<string>
}

export interface Confirmed {
  readonly session: Session
  /** False where there is no grant to ask about: the session has ended meanwhile, or is of a build that kept none. */
  readonly hasGrant: boolean
  /** Why Entra could not, or would not, say. */
  readonly fault?: AppError
}

interface UserTokensOptions {
  readonly rows: GrantRows
  readonly refresh: RefreshGrant
  /** Whether the session of this person may go on. */
  readonly admits: (identity: Identity) => boolean
  /** Notes what Entra says of the person now. */
  readonly describe: (ticket: Ticket, identity: Identity) => Promise<void>
  /** Ends a session, and says whose it was. */
  readonly end: (id: string) => Promise<PersonHash | undefined>
  readonly effects: Pick<Effects, 'now' | 'random' | 'sleep' | 'log'>
}

export function createUserTokens(options: UserTokensOptions): UserTokens {
  const { rows, refresh, admits, describe, end } = options
  const { now, random, sleep, log } = options.effects
  const { join, isBusy } = createOneAtATime()

  const isGood = (
    held: HeldAccessToken | undefined,
    refused: HeldAccessToken | undefined,
  ): held is HeldAccessToken =>
    held !== undefined &&
    now() < held.expiresAtMs - EXPIRY_MARGIN_MS &&
    // Another instance may have obtained it, with a clock that is ahead of ours.
    (held.obtainedAtMs !== refused?.obtainedAtMs || Math.abs(now() - held.obtainedAtMs) < YOUNG_MS)

  function joinToken(
    signedIn: SignedIn,
    scopes: readonly string[],
    refused?: HeldAccessToken,
  ): Promise<HeldAccessToken> {
    const scope = scopes.join(' ')
    const what = `${scope} ${refused?.obtainedAtMs ?? ''}`
    const { id } = signedIn.ticket
    // A row is as good as read now where nobody was waited for since: no API, and no request of the same session.
    const isRecent = refused === undefined && !isBusy(id)
    const readAlong = () => (isRecent ? openedAlong(signedIn) : undefined)
    return join(id, what, () => obtain(signedIn, scope, refused, readAlong()))
  }

  async function obtain(
    signedIn: SignedIn,
    scope: string,
    refused: HeldAccessToken | undefined,
    along: StoredGrant | undefined,
  ): Promise<HeldAccessToken> {
    const { ticket } = signedIn
    const holder = newHolder()
    let readAlong = along
    let watched = { etag: '', sinceMs: 0 }
    // Counted by the pauses and not by the clock, which may be set back or differ from that of whoever holds the lease.
    for (let waitedMs = 0; ; ) {
      const stored = readAlong ?? (await rows.read(ticket))
      if (stored === undefined) throw new AppError('session/required', { detail: 'no grant' })
      const held = stored.grant.accessTokens[scope]
      const isServing = isGood(held, refused)
      if (isServing && now() < held.renewAtMs) return held
      if (!isServing) requireNoPause(stored, now())
      if (stored.etag !== watched.etag) watched = { etag: stored.etag, sinceMs: waitedMs }
      const isOver = isFree(stored, isServing, now()) || waitedMs - watched.sinceMs >= LEASE_MS
      const leased =
        stored.holder === holder ? stored : isOver ? await take(ticket, stored, holder) : undefined
      if (leased !== undefined) return ask(signedIn, leased, scope, isServing ? held : undefined)
      if (isServing) return held
      if (waitedMs >= WAIT_MS)
        throw new AppError('session/store_unavailable', { detail: 'lease', retryAfterSec: 1 })
      if (readAlong === undefined) await sleep(LOOK_AGAIN_MS)
      waitedMs += readAlong === undefined ? LOOK_AGAIN_MS : 0
      readAlong = undefined
    }
  }

  const openedAlong = ({ ticket, grantRow }: SignedIn): StoredGrant | undefined =>
    grantRow === undefined ? undefined : rows.open(ticket, grantRow)
  const newHolder = (): string => base64url.encode(random(HOLDER_BYTES))
  const take = (ticket: Ticket, stored: StoredGrant, holder: string): Promise<StoredGrant | undefined> =>
    rows.lease(ticket, stored, now() + LEASE_MS, holder, now())

  /** One request by the holder of the lease. A token that still serves comes back where no new one could be had. */
  async function ask(
    signedIn: SignedIn,
    leased: StoredGrant,
    scope: string,
    serving: HeldAccessToken | undefined,
  ): Promise<HeldAccessToken> {
    try {
      return (await request(signedIn, leased, scope)).held
    } catch (fault) {
      const error = asAppError(fault)
      if (error.code === 'session/required') throw error
      await giveBack(signedIn, leased, scope, error, serving !== undefined)
      if (serving === undefined) throw error
      log('warn', 'grant.renewal_failed', faultFacts(error))
      return serving
    }
  }

  async function confirm(signedIn: SignedIn): Promise<Confirmed> {
    const { ticket, session } = signedIn
    const asItWas = { session, hasGrant: true }
    try {
      const stored = await rows.read(ticket)
      if (stored === undefined) return { session, hasGrant: false }
      if (stored.grant.refreshToken === undefined) return asItWas
      const lastMs = Math.max(stored.askedAtMs, session.createdAtMs)
      if (now() < lastMs + CONFIRM_PAUSE_MS || !isFree(stored, true, now())) return asItWas
      const leased = await take(ticket, stored, newHolder())
      if (leased === undefined) return asItWas
      return { ...asItWas, session: (await confirmLeased(signedIn, leased)) ?? session }
    } catch (thrown) {
      const fault = asAppError(thrown)
      if (fault.code === 'session/required') throw fault
      log('warn', 'grant.not_confirmed', faultFacts(fault))
      return { ...asItWas, fault }
    }
  }

  async function confirmLeased(signedIn: SignedIn, leased: StoredGrant): Promise<Session | undefined> {
    try {
      const { identity } = await request(signedIn, leased, '')
      return identity && { ...signedIn.session, identity: described(signedIn.session.identity, identity) }
    } catch (fault) {
      const error = asAppError(fault)
      if (error.code !== 'session/required') await giveBack(signedIn, leased, '', error, false)
      throw fault
    }
  }

  /**
   * Asks Entra, keeps what it gives and notes what it says of the person. Throws `session/required` where Entra ended the grant, or the
   * person is none of those whose session may go on.
   */
  async function request(signedIn: SignedIn, leased: StoredGrant, scope: string): Promise<Refreshed> {
    const { ticket, session } = signedIn
    const { refreshToken } = leased.grant
    if (refreshToken === undefined)
      throw new AppError('entra/interaction_required', { detail: 'no refresh token' })
    const { identity: person, nonceHash } = session
    const asking = whileLeased(leased, now(), () =>
      refresh({ refreshToken, scope, identity: person, nonceHash }),
    )
    const refreshed = await asking.catch((fault) =>
      asAppError(fault).code === 'entra/grant_rejected'
        ? endNow(ticket, 'entra', fault)
        : Promise.reject(fault),
    )
    const { held, successor, identity } = refreshed
    if (identity !== undefined && !admits(identity)) return endNow(ticket, 'role')
    const accessTokens = { ...living(leased.grant), ...(scope === '' ? {} : { [scope]: held }) }
    const withoutConsent = (leased.grant.withoutConsent ?? []).filter((each) => each !== scope)
    const grant = { refreshToken: successor ?? refreshToken, accessTokens, ...lacking(withoutConsent) }
    await keep(ticket, leased, grant)
    if (identity !== undefined) await note(signedIn, identity)
    return refreshed
  }

  async function endNow(ticket: Ticket, by: 'entra' | 'role', cause?: unknown): Promise<never> {
    const person = await end(ticket.id)
    if (person !== undefined) log('info', 'session.ended', { person, by })
    throw new AppError('session/required', { detail: `ended: ${by}`, cause })
  }

  /** What cannot be written down now is read in the next answer. */
  async function note({ ticket, session }: SignedIn, told: Identity): Promise<void> {
    if (described(session.identity, told) !== session.identity)
      await describe(ticket, told).catch((fault: unknown) =>
        log('warn', 'grant.person_not_noted', faultFacts(fault)),
      )
  }

  /** Gives the lease back, or keeps others from asking for a while; writes down, where it is news, that consent is missing. */
  async function giveBack(
    { ticket }: SignedIn,
    leased: StoredGrant,
    scope: string,
    fault: AppError,
    isServing: boolean,
  ): Promise<void> {
    const { withoutConsent = [] } = leased.grant
    const { untilMs, holder } = restAfter(fault, isServing, now())
    const isNews =
      fault.code === 'entra/no_access' && scope !== '' && !isServing && !withoutConsent.includes(scope)
    const grant = { ...leased.grant, ...lacking([...withoutConsent, scope]) }
    const giving = isNews ? rows.write(ticket, grant, leased) : rows.lease(ticket, leased, untilMs, holder)
    await giving.catch(() => undefined)
  }

  /** What cannot be written down now is asked for again by the next caller: Entra does not revoke a refresh token that was used. */
  async function keep(ticket: Ticket, leased: StoredGrant, grant: Grant): Promise<void> {
    const isKept = await rows.write(ticket, grant, leased).catch((fault: unknown) => {
      log('warn', 'grant.not_kept', faultFacts(fault))
      return true
    })
    if (!isKept && (await rows.read(ticket)) === undefined)
      throw new AppError('session/required', { detail: 'ended meanwhile' })
  }

  const living = ({ accessTokens }: Grant): Grant['accessTokens'] =>
    Object.fromEntries(Object.entries(accessTokens).filter(([, { expiresAtMs }]) => now() < expiresAtMs))

  return {
    tokenFor: (signedIn, scopes) => joinToken(signedIn, scopes),
    renew: (signedIn, scopes, refused) => joinToken(signedIn, scopes, refused),
    confirm: (signedIn) => join(signedIn.ticket.id, 'person', () => confirm(signedIn)),
    async standingOf(signedIn) {
      const grant = (openedAlong(signedIn) ?? (await rows.read(signedIn.ticket)))?.grant
      return {
        held: new Set(Object.keys(grant === undefined ? {} : living(grant))),
        withoutConsent: new Set(grant?.withoutConsent),
      }
    },
  }
}

function lacking(scopes: readonly string[]): Pick<Grant, 'withoutConsent'> {
  return scopes.length === 0 ? {} : { withoutConsent: scopes }
}
