import { expect } from 'vitest'
import type { Deployment } from '../../infra/hooks/deployment.ts'
import type { AzureCli } from './azure/openAzureCli.ts'

export const NOW_MS = Date.parse('2026-06-01T00:00:00Z')

/** The environment of azd before anything is created. */
export const ENVIRONMENT = {
  AZURE_ENV_NAME: 'example',
  AZURE_SUBSCRIPTION_ID: '00000000-0000-4000-8000-000000000002',
  AZURE_LOCATION: 'westeurope',
  SIGNET_IDENTITY_CLIENT_ID: '00000000-0000-4000-8000-0000000000e2',
} as const

/** A deployment for hooks that only run commands: it has no way to a vault. */
export function commandDeployment(cli: AzureCli, slept: number[] = []): Deployment {
  return {
    env: cli.env,
    run: cli.run,
    credential: { getToken: () => expect.unreachable() },
    folder: 'nowhere',
    now: () => NOW_MS,
    sleep: async (ms) => slept.push(ms),
    pollMs: 1,
    say: () => {},
  }
}
