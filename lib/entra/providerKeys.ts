/**
 * Entra's metadata and signing keys, pinned to what the settings say: discovery can neither move an endpoint to another
 * host nor rename the issuer. Both are read together, on first use and in the background after half an hour. Keys older than an hour are waited
 * for, so that a key which Entra withdrew is refused then; only where Entra cannot be reached the last known ones serve, for a day.
 * A key id that is not among them is looked up at once.
 */

import type { Effects } from '../base/effects.ts'
import { createRefreshing } from '../base/refreshing.ts'
import { retryAfterOf } from '../base/retryAfter.ts'
import type { EntraUrls } from '../config/urls.ts'
import { AppError } from '../errors/appError.ts'
import { faultFacts } from '../errors/faultFacts.ts'
import { createBoundedFetch } from './boundedFetch.ts'

/** For metadata and keys, each. */
const DEADLINE_MS = 3_000
const FRESH_MS = 30 * 60_000
/** The longest that a withdrawn key is accepted while Entra answers. */
const TRUSTED_MS = 60 * 60_000
/** The longest that any key is accepted without a word from Entra. */
const LAST_KNOWN_GOOD_MS = 24 * 3_600_000
/** How often an unknown key id is looked up where anybody can make one up. */
const STRANGERS_PAUSE_MS = 5 * 60_000

/** An RSA signing key of the provider as JWK, with the member that Entra adds: the issuer this key may sign for. */
export interface ProviderKey {
  readonly kty: 'RSA'
  readonly kid?: string
  readonly n: string
  readonly e: string
  readonly issuer?: string
}

/** Where the keys come from, and the issuer and host that discovery must name. */
export type KeySource = Pick<EntraUrls, 'origin' | 'issuerTemplate' | 'metadata'>

export interface ProviderKeys {
  /** The key that a JWS names; without `kid` only if there is exactly one. Undefined when there is none. Throws as `check`. */
  find(kid: string | undefined): Promise<ProviderKey | undefined>
  /** Whether metadata promises `iss` in every authorization response (RFC 9207 section 3). Throws the same. */
  announcesIss(): Promise<boolean>
  /** Fetches metadata and keys if need be. Throws `entra/unavailable`, `entra/malformed_response`, `entra/metadata_mismatch`. */
  check(): Promise<void>
}

interface ProviderKeysOptions {
  /**
   * After a look-up for an unknown key id the next one comes no sooner than this, in milliseconds; by default five minutes. 0 is for tokens
   * that come from the token endpoint itself: nobody else can name a key in them.
   */
  readonly lookUpPauseMs?: number
}

interface Metadata {
  readonly issuer?: unknown
  readonly jwks_uri?: unknown
  readonly authorization_endpoint?: unknown
  readonly token_endpoint?: unknown
  readonly authorization_response_iss_parameter_supported?: unknown
}

/** Each purpose has keys of its own: what uses up the look-ups of one leaves those of the others alone. */
export function createProviderKeys(
  urls: KeySource,
  effects: Pick<Effects, 'now' | 'fetch' | 'log'>,
  { lookUpPauseMs = STRANGERS_PAUSE_MS }: ProviderKeysOptions = {},
): ProviderKeys {
  const { now, log } = effects
  const fetchBounded = createBoundedFetch(effects, DEADLINE_MS)
  let lookedUpMs = Number.NEGATIVE_INFINITY

  async function getJson(url: string): Promise<unknown> {
    const response = await fetchBounded(url, { headers: { accept: 'application/json' } })
    const { status, headers } = response
    if (status !== 200)
      throw new AppError('entra/unavailable', {
        detail: `status ${status}`,
        ...retryAfterOf(headers.get('retry-after'), now()),
      })
    return response.json().catch((cause: unknown) => {
      throw new AppError('entra/malformed_response', { cause, detail: 'not JSON' })
    })
  }

  const published = createRefreshing({
    now,
    onFault: (fault) => log('warn', 'entra.renewal_failed', faultFacts(fault)),
    load: async () => {
      const { jwksUri, announcesIss } = pinnedMetadata(urls, await getJson(urls.metadata))
      const value = { keys: usableKeys(await getJson(jwksUri)), announcesIss }
      const nowMs = now()
      return {
        value,
        freshUntilMs: nowMs + FRESH_MS,
        usableUntilMs: nowMs + TRUSTED_MS,
        lastResortUntilMs: nowMs + LAST_KNOWN_GOOD_MS,
      }
    },
  })

  return {
    async find(kid) {
      const held = pick((await published.get()).keys, kid)
      if (held !== undefined || Math.abs(now() - lookedUpMs) < lookUpPauseMs) return held
      const renewed = await published.renew(({ keys }) => pick(keys, kid) !== undefined)
      // A look-up that failed was none.
      lookedUpMs = now()
      return pick(renewed.keys, kid)
    },
    announcesIss: async () => (await published.get()).announcesIss,
    async check() {
      await published.get()
    },
  }
}
function pick(keys: readonly ProviderKey[], kid: string | undefined): ProviderKey | undefined {
  const candidates = kid === undefined ? keys : keys.filter((key) => key.kid === kid)
  return candidates.length === 1 ? candidates[0] : undefined
}

interface PinnedMetadata {
  readonly jwksUri: string
  readonly announcesIss: boolean
}

/** What counts of a metadata document (OpenID Connect Discovery 4.3), once it proved to be that of the pinned issuer. */
function pinnedMetadata(urls: KeySource, document: unknown): PinnedMetadata {
  const metadata: Metadata = typeof document === 'object' && document !== null ? document : {}
  if (metadata.issuer !== urls.issuerTemplate)
    throw new AppError('entra/metadata_mismatch', { detail: 'issuer' })
  for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const) {
    if (originOf(metadata[name]) !== urls.origin)
      throw new AppError('entra/metadata_mismatch', { detail: name })
  }
  return {
    jwksUri: String(metadata.jwks_uri),
    announcesIss: metadata.authorization_response_iss_parameter_supported === true,
  }
}

function originOf(url: unknown): string | undefined {
  return typeof url === 'string' ? URL.parse(url)?.origin : undefined
}

function usableKeys(document: unknown): readonly ProviderKey[] {
  const listed =
    typeof document === 'object' && document !== null && 'keys' in document ? document.keys : undefined
  if (!Array.isArray(listed)) throw new AppError('entra/malformed_response', { detail: 'no keys' })
  return listed.filter(isSigningKey)
}

/** True for a key that may make an RS256 signature; others in the set, even of the same `kid`, are none of ours. */
function isSigningKey(key: unknown): key is ProviderKey {
  const {
    kty,
    use = 'sig',
    alg = 'RS256',
    n,
    e,
    issuer = '',
  }: Readonly<Record<string, unknown>> = {
    ...(key as object),
  }
  const isForRs256 = kty === 'RSA' && use === 'sig' && alg === 'RS256'
  return isForRs256 && typeof n === 'string' && typeof e === 'string' && typeof issuer === 'string'
}
