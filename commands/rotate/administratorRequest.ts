/**
 * What an administrator registers where no key is left that could prove anything: every version of the certificate that can sign, in the form
 * in which `azd up` hands registrations over, and as a file to add beside what is registered. Public parts only.
 */
import { X509Certificate } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { HeldVersion } from '../../lib/rotation/ports.ts'

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
