/**
 * The deployments that hooks make, each sent only where it changes something. A deployment keeps what it was made from, as a
 * fingerprint among its outputs, in Azure itself: whoever finds the same there, on whatever machine, has nothing to send. What somebody
 * changed by hand since is not seen here; who has to know looks for it.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Environment } from '../../lib/config/settingsReader.ts'
import { askAzure } from './azureCli.ts'
import { type Deployment, requireValue } from './deployment.ts'
import type { CommandResult } from './run.ts'

export interface Template {
  /** Name of the deployment in the resource group. */
  readonly name: string
  /** Folder below `infra/`; the parameters are in the file of that name in it. */
  readonly folder: string
  /** Folders below `infra/` whose files decide what is deployed. */
  readonly sources: readonly string[]
  /** Variables whose values are judged elsewhere, and are no part of the fingerprint. */
  readonly apart: readonly string[]
}

export const ENTRA: Template = {
  name: 'signet-entra',
  folder: 'entra',
  sources: ['entra', 'modules'],
  apart: ['SIGNET_SIGNING_CERTIFICATES', 'SIGNET_APP_ONLY_CERTIFICATES'],
}
export const LIVE: Template = {
  name: 'signet-live',
  folder: 'live',
  sources: ['live', 'modules', 'queries'],
  apart: [],
}

/** Outputs by upper-case name: Resource Manager does not promise to keep upper and lower case. */
export type Outputs = ReadonlyMap<string, unknown>

const INFRA = fileURLToPath(new URL('../', import.meta.url))
const FINGERPRINT = 'SIGNET_FINGERPRINT'

/** What the last deployment gave, if it succeeded and was made from the same. */
export async function findSame(
  deployment: Deployment,
  template: Template,
  values: Readonly<Record<string, string>>,
): Promise<Outputs | undefined> {
  const answer = await askAzure(deployment.run, [
    ...['deployment', 'group', 'show', '--name', template.name],
    ...['--resource-group', requireValue(deployment, 'AZURE_RESOURCE_GROUP')],
  ])
  if (!('value' in answer)) return undefined
  const { provisioningState } =
    (answer.value as { properties?: { provisioningState?: string } }).properties ?? {}
  const outputs = outputsOf(answer.value)
  const isSame = outputs.get('FINGERPRINT') === fingerprintOf(template, { ...deployment.env, ...values })
  return provisioningState === 'Succeeded' && isSame ? outputs : undefined
}

/** Sends the template; `values` are laid over the environment that its parameters are read from. */
export async function send(
  deployment: Deployment,
  template: Template,
  values: Readonly<Record<string, string>>,
): Promise<
  { readonly outputs: Outputs } | { readonly args: readonly string[]; readonly refusal: CommandResult }
> {
  const args = [
    ...['deployment', 'group', 'create', '--name', template.name],
    ...['--resource-group', requireValue(deployment, 'AZURE_RESOURCE_GROUP')],
    ...['--parameters', `infra/${template.folder}/${template.folder}.bicepparam`],
  ]
  const fingerprint = fingerprintOf(template, { ...deployment.env, ...values })
  const answer = await askAzure(deployment.run, args, { ...values, [FINGERPRINT]: fingerprint })
  return 'value' in answer ? { outputs: outputsOf(answer.value) } : { args, refusal: answer.refusal }
}

/** An output that has to be there. */
export function readOutput(outputs: Outputs, name: string): string {
  const value = outputs.get(name)
  if (typeof value !== 'string') throw new Error(`a deployment gave no ${name}`)
  return value
}

/** A digest of the template's files and of the values that its parameters are read from. */
export function fingerprintOf({ folder, sources, apart }: Template, env: Environment): string {
  const hash = createHash('sha256')
  for (const source of sources) {
    for (const file of readdirSync(join(INFRA, source)).toSorted()) {
      hash
        .update(`${source}/${file}\0`)
        .update(readFileSync(join(INFRA, source, file)))
        .update('\0')
    }
  }
  const parameters = readFileSync(join(INFRA, folder, `${folder}.bicepparam`), 'utf8')
  const names = new Set(
    [...parameters.matchAll(/readEnvironmentVariable\('(\w+)'/g)].map(([, name]) => name ?? ''),
  )
  for (const name of [...names].toSorted()) {
    if (name !== FINGERPRINT && !apart.includes(name)) hash.update(`${name}=${env[name] ?? ''}\0`)
  }
  return hash.digest('hex')
}

function outputsOf(deployed: unknown): Outputs {
  const { outputs = {} } =
    (deployed as { properties?: { outputs?: Record<string, { value?: unknown }> | null } }).properties ?? {}
  return new Map(Object.entries(outputs ?? {}).map(([name, { value }]) => [name.toUpperCase(), value]))
}
