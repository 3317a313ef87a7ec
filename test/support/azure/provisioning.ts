/** How azd provisions: parameters from its environment, a hash of them kept with the deployment, and nothing sent where it is the same. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { HookFault } from '../../../infra/hooks/hookFault.ts'
import { INFRA } from '../infraCopy.ts'
import type { AzureCli } from './openAzureCli.ts'

export interface Provisioning {
  /** How often the template was sent. */
  readonly sent: number
  provision(): Promise<void>
  /** Deletes the resource group, and forgets the outputs. */
  down(): void
}

/** The parameters as azd reads them: a variable that is not set leaves its parameter out. */
export function parametersFrom(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const { parameters } = JSON.parse(readFileSync(`${INFRA}main.parameters.json`, 'utf8')) as {
    parameters: Readonly<Record<string, { readonly value: string }>>
  }
  const values = Object.entries(parameters).flatMap(([name, { value }]) => {
    const [, variable = ''] = /^\$\{(\w+)\}$/.exec(value) ?? []
    const found = env[variable]
    return found === undefined ? [] : [[name, found] as const]
  })
  return Object.fromEntries(values)
}

/** Outputs of main.bicep, which azd writes into its environment. */
export const OUTPUTS: readonly string[] = [
  ...readFileSync(`${INFRA}main.bicep`, 'utf8').matchAll(/^output (\w+) /gm),
].map(([, name]) => name ?? '')

export function openProvisioning(cli: AzureCli, outputs: Readonly<Record<string, string>>): Provisioning {
  let state: string | undefined
  let sent = 0
  return {
    get sent() {
      return sent
    },
    async provision() {
      const parameters = parametersFrom(cli.env)
      const group = parameters.resourceGroupName ?? `rg-${parameters.environmentName}`
      const hash = createHash('sha256').update(JSON.stringify(parameters)).digest('hex')
      if (state === hash && cli.subscription.groups.has(group)) return
      sent += 1
      const { code, stderr } = cli.subscription.deployMain({
        name: 'kv-example',
        group,
        location: parameters.location ?? '',
        tags: { 'signet-environment': parameters.environmentName ?? '' },
        admitted: JSON.parse(parameters.allowedAddresses ?? '[]') as readonly string[],
      })
      if (code !== undefined) throw new HookFault(stderr ?? '', [])
      state = hash
      for (const name of OUTPUTS)
        cli.env[name] = { ...outputs, AZURE_RESOURCE_GROUP: group }[name] ?? `<${name}>`
    },
    down() {
      cli.subscription.deleteGroup(cli.env.AZURE_RESOURCE_GROUP ?? '')
      state = undefined
      for (const name of OUTPUTS) delete cli.env[name]
    },
  }
}
