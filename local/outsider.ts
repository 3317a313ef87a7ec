/**
 * Somebody else who uses the signing key, as whoever got a role on the vault can: the key stays where it is, and signs for them. With what was
 * signed they go to Entra as the app. For whoever rehearses what is then to be done: they do nothing unless told.
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { json } from 'node:stream/consumers'
import { sha256 } from '../lib/base/crypto.ts'
import { ENTRA_PROFILE } from '../lib/credential/assertionProfile.ts'
import { buildAssertion, serializeAssertion, setClientAssertion } from '../lib/credential/clientAssertion.ts'
import type { EntraLookAlike } from './entra/openEntra.ts'
import type { IdentityStub } from './identity/openIdentity.ts'
import type { VaultCertificate } from './vault/certificateSeries.ts'
import type { VaultStub } from './vault/openVault.ts'

/** What came of one try. */
export interface OutsiderTry {
  /** Milliseconds since the epoch. */
  readonly atMs: number
  /** Whether the vault signed for them this time; else they took what it had signed before, if anything. */
  readonly isSignedNow: boolean
  /** The version whose signature they went to Entra with; undefined where they had none. */
  readonly version: string | undefined
  readonly entra: 'a token' | 'no answer' | 'not asked' | `AADSTS${number}`
}

export interface Outsider {
  /** Object id of the principal that the vault knows them by. */
  readonly objectId: string
  /** Oldest first. */
  readonly tries: readonly OutsiderTry[]
  /** Gives them the role on the vault that signing takes, or takes it away. They have none at first. */
  setRole(hasRole: boolean): void
  /** Goes to Entra with a new signature of each version, newest first, until that gives a token; without one, with the last that did. */
  useKey(): Promise<OutsiderTry>
}

interface OutsiderOptions {
  readonly clientId: string
  readonly entra: Pick<EntraLookAlike, 'origin' | 'tenantId'>
  readonly identity: Pick<IdentityStub, 'issue'>
  readonly vault: Pick<VaultStub, 'port' | 'roles' | 'versions'>
  /** Certificate of the authority that the vault's own comes from, PEM. */
  readonly authorityPem: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

interface Signed {
  readonly version: string
  readonly assertion: string
}

/** How long the vault and Entra are waited for: a dial may have them never answer. */
const ANSWER_MS = 5_000

export function createOutsider(options: OutsiderOptions): Outsider {
  const { clientId, entra, identity, vault, now } = options
  const principal = { clientId: randomUUID(), principalId: randomUUID() }
  const tokenEndpoint = `${entra.origin}/${entra.tenantId}/oauth2/v2.0/token`
  const tries: OutsiderTry[] = []
  let kept: Signed | undefined
  const setRole = (hasRole: boolean): void => {
    vault.roles.set(principal.principalId, new Set(hasRole ? ['keys/sign/action'] : []))
  }
  setRole(false)

  async function signedBy({ version, kid, x5t, x5tS256 }: VaultCertificate): Promise<Signed | undefined> {
    const thumbprintSha1 = Buffer.from(x5t, 'base64url').toString('hex')
    const unsigned = buildAssertion({
      clientId,
      tokenEndpoint,
      profile: ENTRA_PROFILE,
      certificate: { thumbprintS256: x5tS256, thumbprintSha1, algorithm: 'PS256' },
      jti: randomUUID(),
      nowMs: now(),
    })
    const accessToken = await identity.issue('https://vault.azure.net', principal)
    const signature = await sign(options, { kid, accessToken, digest: sha256(unsigned.signingInput) })
    return signature && { version, assertion: serializeAssertion(unsigned, signature) }
  }

  async function present({ assertion }: Signed): Promise<OutsiderTry['entra']> {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      scope: `api://${clientId}/.default`,
    })
    setClientAssertion(body, clientId, assertion)
    const signal = AbortSignal.timeout(ANSWER_MS)
    const answered = await fetch(tokenEndpoint, { method: 'POST', body, signal })
      .then((answer) => answer.json() as Promise<{ access_token?: string; error_codes?: readonly number[] }>)
      .catch(() => ({}) as const)
    if ('access_token' in answered) return 'a token'
    const [code] = ('error_codes' in answered && answered.error_codes) || []
    return code === undefined ? 'no answer' : `AADSTS${code}`
  }

  async function attempt(): Promise<Omit<OutsiderTry, 'atMs'>> {
    let met: Omit<OutsiderTry, 'atMs'> | undefined
    for (const certificate of vault.versions().toReversed()) {
      const signed = await signedBy(certificate)
      if (signed === undefined) continue
      const one = { isSignedNow: true, version: signed.version, entra: await present(signed) }
      met ??= one
      if (one.entra !== 'a token') continue
      kept = signed
      return one
    }
    if (met !== undefined) return met
    if (kept === undefined) return { isSignedNow: false, version: undefined, entra: 'not asked' }
    return { isSignedNow: false, version: kept.version, entra: await present(kept) }
  }

  return {
    objectId: principal.principalId,
    tries,
    setRole,
    async useKey() {
      const made = { atMs: now(), ...(await attempt()) }
      tries.push(made)
      return made
    },
  }
}

interface SignAsk {
  readonly kid: string
  readonly accessToken: string
  readonly digest: Uint8Array
}

/** A signature by the vault's own interface; undefined where it refuses one, or does not answer. */
async function sign(
  { vault, authorityPem }: OutsiderOptions,
  { kid, accessToken, digest }: SignAsk,
): Promise<Buffer | undefined> {
  const { host, pathname } = new URL(kid)
  const asked = request({
    host: '127.0.0.1',
    port: vault.port,
    servername: host,
    ca: authorityPem,
    method: 'POST',
    path: `${pathname}/sign?api-version=7.4`,
    headers: { host, authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(ANSWER_MS),
  })
  asked.end(JSON.stringify({ alg: 'PS256', value: Buffer.from(digest).toString('base64url') }))
  const answered = await once(asked, 'response').then(
    ([answer]: IncomingMessage[]) => answer && (json(answer) as Promise<{ value?: string }>),
    () => undefined,
  )
  return answered?.value === undefined ? undefined : Buffer.from(answered.value, 'base64url')
}
