/**
 * Access tokens of a signed-in person, by API. One refresh token serves them all. In one instance a session asks Entra for one token at a
 * time; across instances a lease on the grant row sees to it, so that callers who come together get what one of them asked for. A token that
 * is still good is served whatever happens to its successor.
 */
import { base64url } from '../base/crypto.ts'
import type { Effects } from '../base/effects.ts'
import type { RefreshGrant } from '../entra/refreshGrant.ts'
import { AppError, asAppError } from '../errors/appError.ts'
import { faultFacts } from '../errors/faultFacts.ts'
import type { PersonHash } from '../session/rows.ts'
import type { Grant, HeldAccessToken, Session } from '../session/session.ts'
import type { Ticket } from '../session/ticket.ts'
import type { GrantRows, StoredGrant } from './grantRow.ts'

/** Longer than a token request may take, so that a lease runs out only where its holder is gone. Milliseconds. */
export const LEASE_MS = 10_000
/** How long a failed renewal is not tried again while the old token is good. Milliseconds. */
const HOLD_OFF_MS = 15_000
/** A token is not presented in its last minute. Milliseconds. */
const EXPIRY_MARGIN_MS = 60_000
/** A token younger than that, refused by its API, is kept: its successor would be refused too. Milliseconds. */
const YOUNG_MS = 60_000
/** How often whoever waits for another instance looks again. Milliseconds. */
const LOOK_AGAIN_MS = 100
/** Longest wait for another instance: its lease, and some more. Milliseconds. */
const WAIT_MS = 12_000
/** Of random; names whoever holds a lease. */
const HOLDER_BYTES = 9

export interface SignedIn {
  readonly ticket: Ticket
  readonly session: Session
}

export interface UserTokens {
  /**
   * An access token for these scopes of one API. Throws `session/required` where the session has ended meanwhile or Entra ended it,
   * `entra/interaction_required` and `entra/no_access` where the person has to do something first, and what a token request throws.
   */
  tokenFor(signedIn: SignedIn, scopes: readonly string[]): Promise<HeldAccessToken>
  /** Another token for the one that its API refused; the same where it is younger than a minute: its successor would be refused too. */
  renew(signedIn: SignedIn, scopes: readonly string[], refused: HeldAccessToken): Promise<HeldAccessToken>
  /** How it stands with a grant: by scopes, with spaces between. */
  standingOf(ticket: Ticket): Promise<GrantStanding>
}

export interface GrantStanding {
  /** Of these there is a token now. */
  readonly held: ReadonlySet<string>
  /** These were last refused for want of consent. */
  readonly withoutConsent: ReadonlySet<string>
}

interface UserTokensOptions {
  readonly rows: GrantRows
  readonly refresh: RefreshGrant
  /** Ends a session that Entra ended, and says whose it was. */
  readonly end: (id: string) => Promise<PersonHash | undefined>
  readonly effects: Pick<Effects, 'now' | 'random' | 'sleep' | 'log'>
}

export function createUserTokens({ rows, refresh, end, effects }: UserTokensOptions): UserTokens {
  const { now, random, sleep, log } = effects
  /** By session and scopes: who comes meanwhile gets the same. */
  const underway = new Map<string, Promise<HeldAccessToken>>()
  /** By session: the last of its requests, so that they go one after the other. */
  const queues = new Map<string, Promise<unknown>>()

  const isGood = (
    held: HeldAccessToken | undefined,
    refused: HeldAccessToken | undefined,
  ): held is HeldAccessToken =>
    held !== undefined &&
    now() < held.expiresAtMs - EXPIRY_MARGIN_MS &&
    // Another instance may have obtained it, with a clock that is ahead of ours.
    (held.obtainedAtMs !== refused?.obtainedAtMs || Math.abs(now() - held.obtainedAtMs) < YOUNG_MS)

  function join(
    signedIn: SignedIn,
    scopes: readonly string[],
    refused?: HeldAccessToken,
  ): Promise<HeldAccessToken> {
    const scope = scopes.join(' ')
    const { id } = signedIn.ticket
    const key = `${id} ${scope} ${refused?.obtainedAtMs ?? ''}`
    const known = underway.get(key)
    if (known !== undefined) return known
    const before = queues.get(id) ?? Promise.resolve()
    const mine = before.catch(() => undefined).then(() => obtain(signedIn, scope, refused))
    const settled = mine.finally(() => {
      underway.delete(key)
      if (queues.get(id) === settled) queues.delete(id)
    })
    settled.catch(() => undefined)
    underway.set(key, settled)
    queues.set(id, settled)
    return settled
  }

  async function obtain(
    signedIn: SignedIn,
    scope: string,
    refused: HeldAccessToken | undefined,
  ): Promise<HeldAccessToken> {
    const { ticket } = signedIn
    const holder = base64url.encode(random(HOLDER_BYTES))
    let watched = { etag: '', sinceMs: 0 }
    // Counted by the pauses and not by the clock, which may be set back or differ from that of whoever holds the lease.
    for (let waitedMs = 0; ; waitedMs += LOOK_AGAIN_MS) {
      const stored = await rows.read(ticket)
      if (stored === undefined) throw new AppError('session/required', { detail: 'no grant' })
      const held = stored.grant.accessTokens[scope]
      const isServing = isGood(held, refused)
      if (isServing && now() < held.renewAtMs) return held
      if (stored.etag !== watched.etag) watched = { etag: stored.etag, sinceMs: waitedMs }
      const isOver = now() >= stored.leasedUntilMs || waitedMs - watched.sinceMs >= LEASE_MS
      const leased =
        stored.holder === holder
          ? stored
          : isOver
            ? await rows.lease(ticket, stored, now() + LEASE_MS, holder)
            : undefined
      if (leased !== undefined) return ask(signedIn, leased, scope, isServing ? held : undefined)
      if (isServing) return held
      if (waitedMs >= WAIT_MS)
        throw new AppError('session/store_unavailable', { detail: 'lease', retryAfterSec: 1 })
      await sleep(LOOK_AGAIN_MS)
    }
  }

  /** One request to Entra by the holder of the lease. A token that still serves comes back where no new one could be had. */
  async function ask(
    signedIn: SignedIn,
    leased: StoredGrant,
    scope: string,
    serving: HeldAccessToken | undefined,
  ): Promise<HeldAccessToken> {
    const { ticket, session } = signedIn
    const { grant } = leased
    try {
      const { refreshToken } = grant
      if (refreshToken === undefined)
        throw new AppError('entra/interaction_required', { detail: 'no refresh token' })
      const { held, successor } = await refresh({ refreshToken, scope, identity: session.identity })
      await keep(ticket, leased, {
        refreshToken: successor ?? refreshToken,
        accessTokens: { ...living(grant), [scope]: held },
        ...lacking((grant.withoutConsent ?? []).filter((each) => each !== scope)),
      })
      return held
    } catch (fault) {
      const error = asAppError(fault)
      if (error.code === 'entra/grant_rejected') {
        const person = await end(ticket.id)
        if (person !== undefined) log('info', 'session.ended', { person, by: 'entra' })
        throw new AppError('session/required', { detail: 'ended by Entra', cause: error })
      }
      await giveBack(signedIn, leased, scope, error, serving !== undefined)
      if (serving === undefined) throw error
      log('warn', 'grant.renewal_failed', faultFacts(error))
      return serving
    }
  }

  /** Gives the lease back, or keeps others from asking for a while; writes down, where it is news, that consent is missing. */
  async function giveBack(
    { ticket }: SignedIn,
    leased: StoredGrant,
    scope: string,
    { code }: AppError,
    isServing: boolean,
  ): Promise<void> {
    const { withoutConsent = [] } = leased.grant
    const isNews = code === 'entra/no_access' && !isServing && !withoutConsent.includes(scope)
    const grant = { ...leased.grant, ...lacking([...withoutConsent, scope]) }
    const giving = isNews
      ? rows.write(ticket, grant, leased.etag)
      : rows.lease(ticket, leased, isServing ? now() + HOLD_OFF_MS : 0, '')
    await giving.catch(() => undefined)
  }

  /** What cannot be written down now is asked for again by the next caller: Entra does not revoke a refresh token that was used. */
  async function keep(ticket: Ticket, { etag }: StoredGrant, grant: Grant): Promise<void> {
    const isKept = await rows.write(ticket, grant, etag).catch((fault: unknown) => {
      log('warn', 'grant.not_kept', faultFacts(fault))
      return true
    })
    if (!isKept && (await rows.read(ticket)) === undefined)
      throw new AppError('session/required', { detail: 'ended meanwhile' })
  }

  const living = ({ accessTokens }: Grant): Grant['accessTokens'] =>
    Object.fromEntries(Object.entries(accessTokens).filter(([, { expiresAtMs }]) => now() < expiresAtMs))

  return {
    tokenFor: (signedIn, scopes) => join(signedIn, scopes),
    renew: (signedIn, scopes, refused) => join(signedIn, scopes, refused),
    async standingOf(ticket) {
      const grant = (await rows.read(ticket))?.grant
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
