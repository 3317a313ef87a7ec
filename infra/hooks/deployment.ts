/** One run of a hook: the environment that azd keeps, and everything by which a hook touches the world. */
import type { TokenCredential } from '@azure/identity'
import type { Environment } from '../../lib/config/settingsReader.ts'
import { HookFault } from './hookFault.ts'
import type { Run } from './run.ts'

export interface Deployment {
  /** As azd hands it to hooks: its own values, the outputs of the templates, and what `azd env set` was told. */
  readonly env: Environment
  readonly run: Run
  /** Whoever runs the deployment. */
  readonly credential: TokenCredential
  /** Where files for people go; azd's folder of this environment. */
  readonly folder: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<unknown>
  /** How often the vault is asked whether a certificate is ready, in milliseconds. */
  readonly pollMs: number
  /** Tells the person at the keyboard. */
  readonly say: (line: string) => void
}

/** A value of the environment that has to be there. */
export function requireValue({ env }: Pick<Deployment, 'env'>, name: string): string {
  const value = env[name]
  if (value === undefined || value === '') {
    throw new HookFault(`${name} is not set: this hook runs inside azd, after "azd provision".`, ['azd up'])
  }
  return value
}

/** The resource group that everything is to be in, as main.bicep has it. */
export function wantedGroup({ env }: Pick<Deployment, 'env'>): string {
  return env.SIGNET_RESOURCE_GROUP || `rg-${env.AZURE_ENV_NAME}`
}
