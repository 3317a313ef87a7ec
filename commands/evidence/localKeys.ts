/** Keys that are in no vault: what the TPM of this host states of its own, and what the file of a certificate holds. Public parts only. */
import { type KeyObject, X509Certificate } from 'node:crypto'
import { sha1Hex } from '../../lib/base/crypto.ts'
import type { CredentialSettings, TpmSettings } from '../../lib/config/credentials.ts'
import { certificateBlockOf } from '../../lib/credential/localCertificate.ts'
import { readPemFile } from '../../lib/credential/readPemFile.ts'
import { createRunTool } from '../../lib/credential/tpm/runTool.ts'
import { isBound, readTpmKey } from '../../lib/credential/tpm/tpmKey.ts'
import { AppError } from '../../lib/errors/appError.ts'
import {
  iso,
  type LocalCertificateEvidence,
  type LocalEvidence,
  type Part,
  type TpmKeyEvidence,
} from './evidence.ts'
import { partOf } from './partOf.ts'

/** Of those sources that have one, in their order. Never rejects. */
export async function localEvidence(
  sources: readonly CredentialSettings[],
): Promise<readonly LocalEvidence[]> {
  const found: LocalEvidence[] = []
  for (const source of sources) {
    if (source.kind === 'pem') {
      const { certificate } = await readCertificate(source.file, 'pem/key_unusable')
      found.push({ kind: 'pem', certificate })
    }
    if (source.kind === 'tpm') {
      const { certificate, publicKey } = await readCertificate(source.tpm.certificateFile, 'tpm/key_unusable')
      found.push({ kind: 'tpm', certificate, key: await partOf(() => tpmKey(source.tpm, publicKey)) })
    }
  }
  return found
}

async function tpmKey(
  { handle, tcti }: TpmSettings,
  publicKey: KeyObject | undefined,
): Promise<TpmKeyEvidence> {
  const key = await readTpmKey(createRunTool(tcti), handle)
  return {
    handle,
    bits: key.bits,
    isBound: isBound(key),
    hasPolicy: key.hasPolicy,
    isOfCertificate: publicKey !== undefined && key.publicKey.equals(publicKey),
  }
}

async function readCertificate(
  file: string,
  code: 'pem/key_unusable' | 'tpm/key_unusable',
): Promise<{ certificate: Part<LocalCertificateEvidence>; publicKey?: KeyObject }> {
  let x509: X509Certificate | undefined
  const certificate = await partOf(async () => {
    const pem = await readPemFile(file).catch((cause: unknown) => {
      throw new AppError(code, { detail: 'the file cannot be read', cause })
    })
    x509 = certificateIn(pem)
    if (x509 === undefined) throw new AppError(code, { detail: 'the file holds no certificate' })
    return factsOf(x509)
  })
  return { certificate, ...(x509 === undefined ? {} : { publicKey: x509.publicKey }) }
}

function certificateIn(pem: string): X509Certificate | undefined {
  const block = certificateBlockOf(pem)
  try {
    return block === undefined ? undefined : new X509Certificate(block)
  } catch {
    return undefined
  }
}

function factsOf(x509: X509Certificate): LocalCertificateEvidence {
  const { subject, issuer, validFromDate, validToDate, raw, publicKey } = x509
  return {
    subject,
    isSelfIssued: subject === issuer,
    startsAt: iso(validFromDate.getTime()),
    endsAt: iso(validToDate.getTime()),
    thumbprint: sha1Hex(raw),
    bits: publicKey.asymmetricKeyDetails?.modulusLength ?? 0,
  }
}
