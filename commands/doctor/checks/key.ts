/** Whether the key stays in the vault, is strong enough, and may do nothing but sign. */
import type { TokenCredential } from '@azure/identity'
import { KeyClient, type KeyVaultKey } from '@azure/keyvault-keys'
import type { Effects } from '../../../lib/base/effects.ts'
import { asAppError } from '../../../lib/errors/appError.ts'
import { attemptVault } from '../../../lib/vault/attempts.ts'
import { isExportable } from '../../../lib/vault/exportable.ts'
import { type Finding, fail, pass, unknown } from '../check.ts'
import type { Examination, ExaminedCertificate } from '../examination.ts'
import { vaultFinding } from './vaultFinding.ts'

const LEAST_BITS = 2048
const HARMLESS = new Set(['sign', 'verify'])

export async function examineKey(
  certificate: ExaminedCertificate,
  examination: Examination,
): Promise<Finding> {
  const { identity, effects, commands } = examination
  const { signing, x509, isExportable: byPolicy } = await certificate.gather()
  let key: KeyVaultKey
  try {
    key = await readKey(signing.keyId, identity.credential, effects)
  } catch (fault) {
    const finding = await vaultFinding(fault, 'read keys', certificate, examination)
    // The app itself never reads a key: not to be allowed to breaks nothing.
    return asAppError(fault).code === 'vault/forbidden' ? unknown(finding.seen, finding.fix) : finding
  }
  const bits = x509.publicKey.asymmetricKeyDetails?.modulusLength ?? 0
  const faults = keyFaults(key, bits, byPolicy)
  if (isCopyable(key, byPolicy)) {
    const setting =
      certificate.clientId === examination.config.clientId ? 'SIGNING_CERTIFICATE' : 'APP_ONLY_CERTIFICATE'
    const replaced = commands.replaceCertificate(setting, certificate.clientId, certificate.named())
    const then =
      'Use another certificate, then disable the versions of this one (docs/operate.md, "Revoke"): a new version beside them would leave the copy valid.'
    return fail(`The key of certificate ${signing.name} ${faults.join('; it ')}. ${then}`, replaced)
  }
  if (faults.length > 0) {
    const renewed = commands.renewCertificate(certificate.clientId, certificate.named())
    return fail(`The key of certificate ${signing.name} ${faults.join('; it ')}.`, renewed)
  }
  const place = key.keyType === 'RSA-HSM' ? 'hardware' : 'software'
  return pass(`RSA of ${bits} bits in ${place}, not exportable, for signing and verifying only.`)
}

/** Throws `vault/*`. */
export async function readKey(
  keyId: string,
  credential: TokenCredential,
  effects: Effects,
): Promise<KeyVaultKey> {
  const { origin, pathname } = new URL(keyId)
  const [, , name = '', version = ''] = pathname.split('/')
  const client = new KeyClient(origin, credential, { retryOptions: { maxRetries: 0 } })
  return attemptVault(effects, (abortSignal) => client.getKey(name, { version, abortSignal }))
}

function isCopyable({ properties }: KeyVaultKey, byPolicy: boolean | undefined): boolean {
  return isExportable({ byPolicy, byKey: properties.exportable })
}

function keyFaults(key: KeyVaultKey, bits: number, byPolicy: boolean | undefined): string[] {
  const { keyType = 'unknown', keyOperations = [] } = key
  const excess = keyOperations.filter((operation) => !HARMLESS.has(operation))
  const faults: readonly (readonly [isSo: boolean, fault: string])[] = [
    [isCopyable(key, byPolicy), 'can be exported, so a copy of it may exist'],
    [!/^RSA(-HSM)?$/.test(keyType), `is of type ${keyType}, and Entra takes RSA only`],
    [bits < LEAST_BITS, `has ${bits} bits, fewer than ${LEAST_BITS}`],
    [!keyOperations.includes('sign'), 'may not sign'],
    [excess.length > 0, `may also ${excess.join(', ')}, which the app never needs`],
  ]
  return faults.flatMap(([isSo, fault]) => (isSo ? [fault] : []))
}
