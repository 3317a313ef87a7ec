/**
 * What an administrator registers where no key is left that could prove anything: every version of the certificate that can sign, in the form
 * in which `azd up` hands registrations over, and as a file to add beside what is registered. Public parts only.
 */
import { X509Certificate } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../lib/errors/appError.ts'
import type { HeldVersion, VaultPort } from '../../lib/rotation/ports.ts'
import { createdAtMs, whyUnusable } from '../../lib/vault/versions.ts'

export interface AdministratorRequest {
  readonly folder: string
  /** What to type, one of them. */
  readonly commands: readonly string[]
}

/** An entry of `keyCredentials`, as it is sent to Microsoft Graph. */
export function keyCredentialOf({
  name,
  version,
  der,
}: Pick<HeldVersion, 'name' | 'version' | 'der'>): object {
  const { validFromDate, validToDate } = new X509Certificate(der)
  return {
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
    key: Buffer.from(der).toString('base64'),
    displayName: `${name}/${version}`.slice(-90),
    startDateTime: validFromDate.toISOString(),
    endDateTime: validToDate.toISOString(),
  }
}

/**
 * Every version that can sign and whose key cannot be copied, newest first: an administrator may register any of them. Throws where there is
 * none, `vault/key_unusable` or `rotation/key_exportable`: a request with an empty list would take away what is registered.
 */
export async function registrable(
  vault: Pick<VaultPort, 'versions' | 'held' | 'isExportable'>,
  nowMs: number,
): Promise<readonly HeldVersion[]> {
  const usable = (await vault.versions())
    .filter((one) => whyUnusable(one, nowMs) === undefined)
    .toSorted((a, b) => createdAtMs(b) - createdAtMs(a))
  const held: HeldVersion[] = []
  for (const { version = '' } of usable)
    if (!(await vault.isExportable(version))) held.push(await vault.held(version))
  if (held.length === 0)
    throw new AppError(usable.length === 0 ? 'vault/key_unusable' : 'rotation/key_exportable')
  return held
}

/** Writes the files below `folder`. The newest version comes first. */
export async function writeAdministratorRequest(
  folder: string,
  clientId: string,
  versions: readonly HeldVersion[],
): Promise<AdministratorRequest> {
  await mkdir(folder, { recursive: true })
  const body = { keyCredentials: versions.map(keyCredentialOf) }
  await writeFile(join(folder, `${clientId}.json`), `${JSON.stringify(body, null, 2)}\n`)
  const commands: string[] = []
  for (const { name, version, der } of versions) {
    const file = join(folder, `${name}-${version}.pem`)
    await writeFile(file, new X509Certificate(der).toString())
    commands.push(`az ad app credential reset --id ${clientId} --append --cert @${file}`)
  }
  return { folder, commands }
}
