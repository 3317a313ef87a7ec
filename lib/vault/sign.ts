/**
 * The remote signature: the vault gets a digest and gives back a signature; the private key stays where it is.
 * Invariant: a client is bound to one versioned key id, and a signature that the vault ascribes to another key is refused.
 */
import type { TokenCredential } from '@azure/identity'
import { CryptographyClient } from '@azure/keyvault-keys'
import { sha256 } from '../base/crypto.ts'
import type { Effects } from '../base/effects.ts'
import { AppError } from '../errors/appError.ts'
import { attemptVault } from './attempts.ts'

/** Both sign a SHA-256 digest (RFC 7518 sections 3.3 and 3.5). */
export type VaultAlgorithm = 'PS256' | 'RS256'

/** Signs the SHA-256 digest of `input` by the key named, by default with PS256. Throws `vault/*`. */
export type RemoteSign = (keyId: string, input: Uint8Array, algorithm?: VaultAlgorithm) => Promise<Uint8Array>

interface KeyClient {
  readonly client: CryptographyClient
  /** The SDK's first request authenticates; one that starts meanwhile would be sent without its body. */
  authenticated: boolean
  firstUse: Promise<unknown> | undefined
}

export function createRemoteSign(
  credential: TokenCredential,
  effects: Pick<Effects, 'now' | 'sleep' | 'random'>,
): RemoteSign {
  const keys = new Map<string, KeyClient>()

  function keyClient(keyId: string): KeyClient {
    const known = keys.get(keyId)
    if (known !== undefined) return known
    const client = new CryptographyClient(keyFromId(keyId), credential, { retryOptions: { maxRetries: 0 } })
    const added: KeyClient = { client, authenticated: false, firstUse: undefined }
    keys.set(keyId, added)
    return added
  }

  async function signDigest(
    keyId: string,
    key: KeyClient,
    algorithm: VaultAlgorithm,
    digest: Uint8Array,
  ): Promise<Uint8Array> {
    const signed = await attemptVault(effects, (abortSignal) =>
      key.client.sign(algorithm, digest, { abortSignal }),
    )
    if (signed.keyID !== undefined && signed.keyID !== keyId) {
      throw new AppError('vault/key_unusable', { detail: 'the vault signed with another key version' })
    }
    key.authenticated = true
    return signed.result
  }

  return async (keyId, input, algorithm = 'PS256') => {
    const key = keyClient(keyId)
    while (!key.authenticated && key.firstUse !== undefined) await key.firstUse.catch(() => undefined)
    const signing = signDigest(keyId, key, algorithm, sha256(input))
    if (!key.authenticated) {
      key.firstUse = signing.finally(() => {
        key.firstUse = undefined
      })
      key.firstUse.catch(() => undefined)
    }
    return signing
  }
}

/**
 * The key as an object rather than an id: given an id, the SDK would first read the key, one request more and one right more
 * (keys/read) than signing needs.
 */
function keyFromId(keyId: string) {
  const url = URL.parse(keyId)
  const [, collection, name, version] = url?.pathname.split('/') ?? []
  if (url === null || collection !== 'keys' || !name || !version) {
    throw new AppError('vault/key_unusable', { detail: 'the key id has no version' })
  }
  return {
    id: keyId,
    name,
    keyType: 'RSA' as const,
    keyOperations: ['sign' as const],
    key: { kid: keyId, kty: 'RSA' as const },
    properties: { id: keyId, name, version, vaultUrl: url.origin },
  }
}
