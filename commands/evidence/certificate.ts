/** A certificate of the vault: its versions, and what the vault states of the key of each. */
import type { X509Certificate } from 'node:crypto'
import { optional } from '../../lib/entra/graphCredentials.ts'
import { asAppError } from '../../lib/errors/appError.ts'
import type { VersionFacts } from '../../lib/vault/versions.ts'
import { readKey } from '../doctor/checks/key.ts'
import type { Examination, ExaminedCertificate } from '../doctor/examination.ts'
import {
  type CertificateEvidence,
  iso,
  type KeyEvidence,
  known,
  type Part,
  type VersionEvidence,
} from './evidence.ts'

/** Throws `vault/*` where the certificate cannot be read; a key that cannot be is told as such. */
export async function certificateEvidence(
  certificate: ExaminedCertificate,
  examination: Examination,
): Promise<CertificateEvidence> {
  const { signing, isExportable, validityInMonths, versions, x509 } = await certificate.gather()
  const newestFirst = versions.toSorted((a, b) => timeOf(b.createdOn) - timeOf(a.createdOn))
  const listed: VersionEvidence[] = []
  for (const facts of newestFirst) {
    const { version = '' } = facts
    const signs = version === signing.version
    listed.push({
      version,
      isEnabled: facts.enabled !== false,
      signs,
      ...(signs ? { isSelfIssued: x509.subject === x509.issuer } : {}),
      ...optional('createdAt', isoOf(facts.createdOn)),
      ...optional('startsAt', isoOf(facts.notBefore)),
      ...optional('endsAt', isoOf(facts.expiresOn)),
      ...optional('thumbprint', signs ? signing.thumbprintSha1 : thumbprintOf(facts)),
      key: await keyEvidence(`${certificate.vault.url}/keys/${signing.name}/${version}`, examination, {
        ...(signs ? { bits: bitsOf(x509) } : {}),
      }),
    })
  }
  return {
    name: signing.name,
    ...optional('policyExportable', isExportable),
    ...optional('policyMonths', validityInMonths),
    versions: listed,
  }
}

async function keyEvidence(
  keyId: string,
  { identity, effects }: Examination,
  given: { readonly bits?: number },
): Promise<Part<KeyEvidence>> {
  try {
    const {
      keyType = 'unknown',
      keyOperations = [],
      properties,
      key,
    } = await readKey(keyId, identity.credential, effects)
    const bits = given.bits ?? (key?.n === undefined ? undefined : key.n.length * 8)
    return known({
      type: keyType,
      ...optional('bits', bits),
      operations: keyOperations.toSorted(),
      exportable: properties.exportable === true,
    })
  } catch (thrown) {
    const { code } = asAppError(thrown)
    return { unknown: `The vault did not show the key (${code}).` }
  }
}

function bitsOf({ publicKey }: X509Certificate): number {
  return publicKey.asymmetricKeyDetails?.modulusLength ?? 0
}

/** The SDK adds it to what it lists. */
function thumbprintOf(facts: VersionFacts & { readonly x509ThumbprintString?: string }): string | undefined {
  return facts.x509ThumbprintString?.toUpperCase()
}

function timeOf(date: Date | undefined): number {
  return date?.getTime() ?? 0
}

function isoOf(date: Date | undefined): string | undefined {
  return date === undefined ? undefined : iso(date.getTime())
}
