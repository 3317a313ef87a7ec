/** A certificate for the key in the TPM, and a request for one: each signed by the key itself, which is the only proof of holding it. */
import {
  certificateBody,
  pemOf,
  RSA_SIGNATURE,
  requestBody,
  signedBody,
  signingExtensions,
} from '../../lib/base/x509.ts'
import type { RunTool } from '../../lib/credential/tpm/runTool.ts'
import { readTpmKey } from '../../lib/credential/tpm/tpmKey.ts'
import { signInTpm, type TpmAccess } from '../../lib/credential/tpm/tpmSign.ts'

const DAY_MS = 86_400_000
/** For a server whose clock is behind. */
const BACKDATED_MS = 600_000

interface NewCertificate {
  readonly access: TpmAccess
  readonly subject: string
  readonly days: number
  readonly nowMs: number
  /** Sixteen random bytes. */
  readonly serial: Uint8Array
}

/** Self-signed, PEM. Throws `tpm/*`, and a TypeError for a subject of unknown parts. */
export async function certifyTpmKey(run: RunTool, given: NewCertificate): Promise<string> {
  const { access, subject, days, nowMs, serial } = given
  const { publicKey } = await readTpmKey(run, access.handle)
  const body = certificateBody({
    subject,
    issuer: subject,
    publicKey,
    notBefore: new Date(nowMs - BACKDATED_MS),
    notAfter: new Date(nowMs + days * DAY_MS),
    serial,
    algorithm: RSA_SIGNATURE,
    extensions: signingExtensions(publicKey),
  })
  return pemOf('CERTIFICATE', await signed(run, access, body))
}

/** A request for a certificate (RFC 2986), PEM. Throws the same. */
export async function requestForTpmKey(
  run: RunTool,
  { access, subject }: Pick<NewCertificate, 'access' | 'subject'>,
): Promise<string> {
  const { publicKey } = await readTpmKey(run, access.handle)
  return pemOf('CERTIFICATE REQUEST', await signed(run, access, requestBody(subject, publicKey)))
}

async function signed(run: RunTool, access: TpmAccess, body: Uint8Array): Promise<Buffer> {
  return signedBody(body, RSA_SIGNATURE, await signInTpm(run, access, body, 'RS256'))
}
