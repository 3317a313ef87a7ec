/** A signature that the TPM makes over a digest, and whether it is what a verifier of JWS expects. */
import { constants, type KeyObject, verify } from 'node:crypto'
import { sha256 } from '../../base/crypto.ts'
import type { TpmKeySettings } from '../../config/credentials.ts'
import type { SigningAlgorithm } from '../../vault/certificate.ts'
import { inFolder, readBytes, writeBytes } from './exchangeFiles.ts'
import type { RunTool } from './runTool.ts'

const SCHEMES = { PS256: 'rsapss', RS256: 'rsassa' } as const satisfies Record<SigningAlgorithm, string>
/** As long as the digest (RFC 7518 section 3.5). Older TPMs take the longest that fits, which nobody accepts. */
const SALT_BYTES = 32

/** What it takes to use the key: nothing, an auth value, or a state of the machine. */
export type TpmAccess = Pick<TpmKeySettings, 'handle' | 'pcrs'> & {
  /** The auth value. A secret. */
  readonly auth?: Uint8Array
}

/** Throws `tpm/*`. */
export async function signInTpm(
  run: RunTool,
  { handle, pcrs, auth }: TpmAccess,
  input: Uint8Array,
  algorithm: SigningAlgorithm,
): Promise<Uint8Array> {
  return inFolder(async (folder) => {
    await writeBytes(`${folder}/digest`, sha256(input))
    const access = auth !== undefined ? ['-p', 'file:-'] : pcrs !== undefined ? ['-p', `pcr:${pcrs}`] : []
    const scheme = ['-g', 'sha256', '-s', SCHEMES[algorithm], '-f', 'plain']
    const files = ['-o', `${folder}/signature`, '-d', `${folder}/digest`]
    await run('tpm2_sign', ['-Q', '-c', handle, ...scheme, ...access, ...files], spelt(auth))
    return readBytes(`${folder}/signature`)
  })
}

/** An auth value as the tools read it: in hex nothing in it has a meaning of its own. */
export function spelt(auth: Uint8Array | undefined): string {
  return auth === undefined ? '' : `hex:${Buffer.from(auth).toString('hex')}`
}

export function isSignature(
  publicKey: KeyObject,
  input: Uint8Array,
  signature: Uint8Array,
  algorithm: SigningAlgorithm,
): boolean {
  const padding =
    algorithm === 'PS256'
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: SALT_BYTES }
      : { padding: constants.RSA_PKCS1_PADDING }
  return verify('sha256', input, { key: publicKey, ...padding }, signature)
}
