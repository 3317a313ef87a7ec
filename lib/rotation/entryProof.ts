/**
 * That an entry of the registration is of a version of this certificate, signed by that version's own key when it was registered. Whoever can
 * write the row can name any entry in it, and has no such signature: so an app that may not look at its registration removes nothing that
 * somebody else put there.
 */
import { constants, verify, X509Certificate } from 'node:crypto'
import { base64url } from '../base/crypto.ts'
import { AppError } from '../errors/appError.ts'
import type { CertificateBundle } from '../vault/bundles.ts'
import type { RemoteSign } from '../vault/sign.ts'
import type { EntryProofs } from './ports.ts'

interface EntryProofsOptions {
  readonly clientId: string
  readonly sign: RemoteSign
  /** A version as the vault has it, disabled or not. */
  readonly read: (version: string) => Promise<Pick<CertificateBundle, 'cer'>>
}

export function createEntryProofs({ clientId, sign, read }: EntryProofsOptions): EntryProofs {
  /** No header of a JWS and no digest of a certificate: it has spaces and lines. */
  const statement = (version: string, entryId: string): Uint8Array =>
    new TextEncoder().encode(['signet: key entry', clientId, version, entryId].join('\n'))

  async function certificateOf(version: string): Promise<X509Certificate | undefined> {
    try {
      const { cer } = await read(version)
      return cer && new X509Certificate(cer)
    } catch (fault) {
      if (fault instanceof AppError && fault.code === 'vault/key_unusable') return undefined
      throw fault
    }
  }

  return {
    async prove({ keyId, version }, entryId) {
      return base64url.encode(await sign(keyId, statement(version, entryId)))
    },
    async isProven({ version, entryId, entryProof = '' }) {
      const signature = base64url.decode(entryProof)
      if (entryId === undefined || signature === undefined || signature.length === 0) return false
      const key = (await certificateOf(version))?.publicKey
      if (key === undefined) return false
      // PS256 (RFC 7518 section 3.5), as the vault signs.
      const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
      return verify('sha256', statement(version, entryId), { key, ...padding }, signature)
    },
  }
}
