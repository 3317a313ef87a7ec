/**
 * Entra's metadata and signing keys, pinned to what the settings say: discovery can neither move an endpoint to another
 * host nor rename the issuer. Fetched on first use, renewed in the background, last known good for a day, and an unknown
 * key id is looked up at once but at most every five minutes.
 */

import type { Effects } from '../base/effects.ts'
import { createRefreshing } from '../base/refreshing.ts'
import type { EntraUrls } from '../config/urls.ts'
import { AppError } from '../errors/appError.ts'
import { faultFacts } from '../errors/faultFacts.ts'
import { createBoundedFetch } from './boundedFetch.ts'

const DEADLINE_MS = 3_000
const RENEW_AFTER_MS = 3_600_000
const LAST_KNOWN_GOOD_MS = 24 * 3_600_000
const UNKNOWN_KEY_PAUSE_MS = 5 * 60_000
const FAILED_LOOK_UP_PAUSE_MS = 15_000

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
  /** The key that a JWS names; without `kid` only if there is exactly one. Undefined when there is none. */
  find(kid: string | undefined): Promise<ProviderKey | undefined>
  /** Fetches metadata and keys if need be. Throws `entra/unavailable`, `entra/malformed_response`, `entra/metadata_mismatch`. */
  check(): Promise<void>
}

interface Metadata {
  readonly issuer?: unknown
  readonly jwks_uri?: unknown
  readonly authorization_endpoint?: unknown
  readonly token_endpoint?: unknown
}

export function createProviderKeys(
  urls: KeySource,
  effects: Pick<Effects, 'now' | 'fetch' | 'log'>,
): ProviderKeys {
  const { now, log } = effects
  const fetchBounded = createBoundedFetch(effects, DEADLINE_MS)
  const onBackgroundFault = (fault: unknown): void => log('warn', 'entra.renewal_failed', faultFacts(fault))
  let lookedUpMs = Number.NEGATIVE_INFINITY
  let failed: { readonly fault: unknown; readonly untilMs: number } | undefined

  async function getJson(url: string): Promise<unknown> {
    const response = await fetchBounded(url, { headers: { accept: 'application/json' } })
    if (response.status !== 200)
      throw new AppError('entra/unavailable', { detail: `status ${response.status}` })
    return response.json().catch((cause: unknown) => {
      throw new AppError('entra/malformed_response', { cause, detail: 'not JSON' })
    })
  }

  function keep<T>(load: () => Promise<T>) {
    return createRefreshing({
      now,
      onBackgroundFault,
      load: async () => {
        const value = await load()
        return { value, freshUntilMs: now() + RENEW_AFTER_MS, usableUntilMs: now() + LAST_KNOWN_GOOD_MS }
      },
    })
  }

  const jwksUri = keep(async () => pinnedJwksUri(urls, await getJson(urls.metadata)))
  const keys = keep(async () => usableKeys(await getJson(await jwksUri.get())))

  /** Whoever misses a key meanwhile joins. A look-up that failed was none, but is not repeated for every token that comes. */
  async function lookUp(): Promise<readonly ProviderKey[]> {
    if (failed !== undefined && now() < failed.untilMs) throw failed.fault
    try {
      const renewed = await keys.renew()
      lookedUpMs = now()
      failed = undefined
      return renewed
    } catch (fault) {
      failed = { fault, untilMs: now() + FAILED_LOOK_UP_PAUSE_MS }
      throw fault
    }
  }

  return {
    async find(kid) {
      const held = pick(await keys.get(), kid)
      if (held !== undefined || now() - lookedUpMs < UNKNOWN_KEY_PAUSE_MS) return held
      return pick(await lookUp(), kid)
    },
    async check() {
      await keys.get()
    },
  }
}

function pick(keys: readonly ProviderKey[], kid: string | undefined): ProviderKey | undefined {
  const candidates = kid === undefined ? keys : keys.filter((key) => key.kid === kid)
  return candidates.length === 1 ? candidates[0] : undefined
}

/** The keys URL of a metadata document (OpenID Connect Discovery 4.3), once it proved to be that of the pinned issuer. */
function pinnedJwksUri(urls: KeySource, document: unknown): string {
  const metadata: Metadata = typeof document === 'object' && document !== null ? document : {}
  if (metadata.issuer !== urls.issuerTemplate)
    throw new AppError('entra/metadata_mismatch', { detail: 'issuer' })
  for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const) {
    if (originOf(metadata[name]) !== urls.origin)
      throw new AppError('entra/metadata_mismatch', { detail: name })
  }
  return String(metadata.jwks_uri)
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
  if (typeof key !== 'object' || key === null) return false
  const { kty, use = 'sig', alg = 'RS256', n, e, issuer = '' }: Readonly<Record<string, unknown>> = { ...key }
  const isForRs256 = kty === 'RSA' && use === 'sig' && alg === 'RS256'
  return isForRs256 && typeof n === 'string' && typeof e === 'string' && typeof issuer === 'string'
}
