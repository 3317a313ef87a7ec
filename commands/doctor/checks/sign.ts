/** Whether the vault really signs, and signs with the key of the certificate that the app names. */
import { constants, verify } from 'node:crypto'
import { createRemoteSign } from '../../../lib/vault/sign.ts'
import { type Finding, fail, pass } from '../check.ts'
import type { Examination, ExaminedCertificate } from '../examination.ts'
import { vaultFinding } from './vaultFinding.ts'

const SHA256_BYTES = 32

export async function examineSignature(
  certificate: ExaminedCertificate,
  examination: Examination,
): Promise<Finding> {
  const { identity, effects, commands } = examination
  const { signing, x509 } = await certificate.gather()
  // Words come first, so that what is signed here can never be taken for the beginning of a token.
  const input = Buffer.concat([Buffer.from('A signature for the doctor: '), effects.random(SHA256_BYTES)])
  const startedMs = effects.now()
  let signature: Uint8Array
  try {
    signature = await createRemoteSign(identity.credential, effects)(signing.keyId, input)
  } catch (fault) {
    return vaultFinding(fault, 'sign', certificate, examination)
  }
  const tookMs = Math.round(effects.now() - startedMs)
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: SHA256_BYTES }
  if (verify('sha256', input, { key: x509.publicKey, ...padding }, signature)) {
    return pass(`Signed with PS256 in ${tookMs} ms; the certificate’s public key verifies it.`)
  }
  return fail(
    `The vault signed, but not with the key of certificate ${signing.name}.`,
    commands.renewCertificate(certificate.clientId, certificate.named()),
  )
}
