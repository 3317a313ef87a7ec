/**
 * CREDENTIAL and what each of its sources needs: how the app authenticates to Entra, in the order in which they are asked. The next
 * one serves where the one before cannot.
 */
import { isLoopback, judgeUrl } from './judgeUrl.ts'
import type { SettingName } from './settings.ts'
import type { CertificateName, Environment, SettingsReader } from './settingsReader.ts'
import { hostOf } from './urls.ts'

/** A vault and a certificate in it: a pinned version, or the newest one that is old enough to be registered. */
export interface VaultSettings extends CertificateName {
  readonly url: string
}

/** A key in a TPM 2.0, and what it takes to sign with it. */
export interface TpmKeySettings {
  /** Persistent handle, `0x81` and six hex digits in lower case. */
  readonly handle: string
  /** How the TPM is reached, as tpm2-tools name it: `device:/dev/tpmrm0`. */
  readonly tcti: string
  /** Path of a file that holds the auth value of the key, where it has one. */
  readonly authFile?: string
  /** The PCRs that the key's policy asks for, `sha256:0,7`, where it has one. */
  readonly pcrs?: string
}

export interface TpmSettings extends TpmKeySettings {
  /** Path of the certificate for the key, PEM. */
  readonly certificateFile: string
}

export type CredentialSettings =
  | { readonly kind: 'vault'; readonly vault: VaultSettings }
  | { readonly kind: 'managed-identity'; readonly clientId: string; readonly audience: string }
  | { readonly kind: 'tpm'; readonly tpm: TpmSettings }
  | { readonly kind: 'pem'; readonly file: string }

export type SourceKind = CredentialSettings['kind']

const SOURCE_KINDS = ['vault', 'managed-identity', 'tpm', 'pem'] as const satisfies SourceKind[]

/** The settings of one source, where it is among them. */
export function settingsOf<K extends SourceKind>(
  sources: readonly CredentialSettings[],
  kind: K,
): Extract<CredentialSettings, { kind: K }> | undefined {
  return sources.find((one): one is Extract<CredentialSettings, { kind: K }> => one.kind === kind)
}

/** Set by App Service, Functions, Container Apps and AKS, and by no tool on a desk. */
export const AZURE_VARIABLES = [
  'WEBSITE_INSTANCE_ID',
  'WEBSITE_SITE_NAME',
  'WEBSITE_OWNER_NAME',
  'CONTAINER_NAME',
  'CONTAINER_APP_NAME',
  'AZURE_FEDERATED_TOKEN_FILE',
] as const

const FIC_AUDIENCES: ReadonlyMap<string, string> = new Map([
  ['login.microsoftonline.us', 'api://AzureADTokenExchangeUSGov'],
  ['login.partner.microsoftonline.cn', 'api://AzureADTokenExchangeChina'],
])

interface Surroundings {
  readonly authority: string
  readonly publicOrigin: string
  readonly env: Environment
}

export function readCredentials(
  read: SettingsReader,
  surroundings: Surroundings,
): readonly CredentialSettings[] {
  return read.listOf('CREDENTIAL', SOURCE_KINDS).map((kind) => readSource(read, kind, surroundings))
}

export function readVault(read: SettingsReader, certificateSetting: SettingName): VaultSettings {
  return { url: read.origin('KEY_VAULT_URL'), ...read.certificate(certificateSetting) }
}

function readSource(
  read: SettingsReader,
  kind: SourceKind,
  { authority, publicOrigin, env }: Surroundings,
): CredentialSettings {
  switch (kind) {
    case 'vault':
      return { kind, vault: readVault(read, 'SIGNING_CERTIFICATE') }
    case 'managed-identity': {
      const audience = FIC_AUDIENCES.get(hostOf(authority)) ?? 'api://AzureADTokenExchange'
      return { kind, clientId: read.guid('AZURE_CLIENT_ID'), audience }
    }
    case 'tpm':
      return { kind, tpm: { ...readTpmKeySettings(read), certificateFile: read.filePath('TPM_CERTIFICATE') } }
    case 'pem':
      refusePem(read, publicOrigin, env)
      return { kind, file: read.filePath('PEM_FILE') }
  }
}

/** A key in a file can be copied, so it stays on the desk of whoever develops. */
function refusePem(read: SettingsReader, publicOrigin: string, env: Environment): void {
  if (AZURE_VARIABLES.some((name) => (env[name] ?? '') !== ''))
    read.fault('CREDENTIAL', 'must not list pem in Azure: a key in a file is for development only')
  const isPublic = judgeUrl(publicOrigin).faults.length === 0 && !isLoopback(hostOf(publicOrigin))
  if (publicOrigin !== '' && isPublic)
    read.fault('CREDENTIAL', 'must not list pem unless PUBLIC_URL is a loopback address')
}

/** What a key in the TPM takes, certificate aside: what a command reads that makes the key. */
export function readTpmKeySettings(read: SettingsReader): TpmKeySettings {
  const handle = read.text('TPM_HANDLE').toLowerCase()
  if (!isTpmHandle(handle)) read.fault('TPM_HANDLE', 'must be a persistent handle, such as 0x81010001')
  const tcti = read.text('TPM_TCTI')
  if (!isTpmTcti(tcti))
    read.fault('TPM_TCTI', 'must begin with device:, tabrmd: or swtpm:, and hold no white space')
  const authFile = read.optionalFilePath('TPM_AUTH_FILE')
  const pcrs = read.optionalText('TPM_PCRS').toLowerCase()
  if (pcrs !== '' && !isPcrList(pcrs)) read.fault('TPM_PCRS', 'must name a bank and PCRs, such as sha256:0,7')
  if (pcrs !== '' && authFile !== undefined)
    read.fault('TPM_PCRS', 'does not go with TPM_AUTH_FILE: a key has a policy or an auth value')
  return {
    handle,
    tcti,
    ...(authFile === undefined ? {} : { authFile }),
    ...(pcrs === '' ? {} : { pcrs }),
  }
}

/** True for a handle of the range that the owner of a TPM gives persistent objects (TPM 2.0 library, part 2, section 7.5). */
function isTpmHandle(text: string): boolean {
  return /^0x81[0-7][0-9a-f]{5}$/.test(text)
}

/** True for a way to a TPM that runs no program: of those that tpm2-tss knows, `cmd:` would. */
function isTpmTcti(text: string): boolean {
  return /^(device|tabrmd|swtpm):[\x21-\x7e]*$/.test(text)
}

/** True for a bank and PCRs of it. */
function isPcrList(text: string): boolean {
  const [, numbers = ''] = /^sha(?:256|384|512):(\d{1,2}(?:,\d{1,2})*)$/.exec(text) ?? []
  return numbers !== '' && numbers.split(',').every((number) => Number(number) <= 23)
}
