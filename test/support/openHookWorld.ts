/** A vault, a directory and an environment of azd that remember, for the hooks to work on; new ones for every test but the vault. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ManagedIdentityCredential } from '@azure/identity'
import { afterAll, afterEach, beforeEach, expect } from 'vitest'
import type { Deployment } from '../../infra/hooks/deployment.ts'
import { HookFault } from '../../infra/hooks/hookFault.ts'
import { type Desk, openDesk } from '../../local/desk.ts'
import { loopbackOnly } from '../../local/loopbackOnly.ts'
import { trustAuthority } from '../../local/trustAuthority.ts'
import type { VaultOperation } from '../../local/vault/vaultRoute.ts'
import { type AzureCli, openAzureCli } from './azure/openAzureCli.ts'

export interface HookWorld {
  readonly desk: Desk
  /** Where files for people go. */
  readonly folder: string
  cli: AzureCli
  /** What was told to the person at the keyboard. */
  said: string[]
  /** Milliseconds that were slept. */
  slept: number
  /** Tells the certificates of one test from those of another. */
  fresh: number
  deployment(changes?: Partial<Deployment>): Deployment
  /** Command lines that begin like this. */
  linesOf(start: string): string[]
  /** What was laid over the environment of each deployment of the registrations. */
  registrationInputs(): Readonly<Record<string, string>>[]
  countAtVault(operation: VaultOperation): number
}

export async function openHookWorld(): Promise<HookWorld> {
  const desk = await openDesk({ appOrigin: 'https://signin.example.com' })
  trustAuthority(desk.authorityPem)
  const unmap = loopbackOnly({ vaultPort: desk.vault.port })
  Object.assign(process.env, desk.identity.env)
  const folder = await mkdtemp(join(tmpdir(), 'signet-hooks-'))

  const world: HookWorld = {
    desk,
    folder,
    cli: openAzureCli({}),
    said: [],
    slept: 0,
    fresh: 0,
    deployment: (changes = {}) => ({
      env: world.cli.env,
      run: world.cli.run,
      credential: new ManagedIdentityCredential({ clientId: desk.identity.clientId }),
      folder,
      now: Date.now,
      sleep: async (ms) => {
        world.slept += ms
      },
      pollMs: 20,
      say: (line) => world.said.push(line),
      ...changes,
    }),
    linesOf: (start) => world.cli.commands.map(({ line }) => line).filter((line) => line.startsWith(start)),
    registrationInputs: () =>
      world.cli.commands
        .filter(({ line }) => line.startsWith('az deployment group create --name signet-entra'))
        .map(({ env }) => env),
    countAtVault: (operation) =>
      desk.vault.requests.filter((request) => request.operation === operation).length,
  }
  beforeEach(() => {
    world.fresh += 1
    world.said = []
    world.slept = 0
    desk.vault.permissions.add('certificates/create/action')
    world.cli = openAzureCli({
      AZURE_ENV_NAME: 'example',
      AZURE_SUBSCRIPTION_ID: '00000000-0000-4000-8000-000000000002',
      AZURE_TENANT_ID: '00000000-0000-4000-8000-000000000001',
      AZURE_LOCATION: 'westeurope',
      AZURE_RESOURCE_GROUP: 'rg-example',
      KEY_VAULT_URL: desk.vault.url,
      SIGNET_IDENTITY_PRINCIPAL_ID: '00000000-0000-4000-8000-0000000000e1',
      AZURE_FUNCTION_APP_NAME: 'func-example',
      SIGNET_APP_URL: 'https://signin.example.com',
      SIGNING_CERTIFICATE: `signing-${world.fresh}`,
      APP_ONLY_CERTIFICATE: `app-only-${world.fresh}`,
    })
    world.cli.subscription.groups.add('rg-example')
    world.cli.subscription.app = {}
  })
  afterEach(() => desk.vault.faults.clear())
  afterAll(async () => {
    unmap()
    await desk.close()
    await rm(folder, { recursive: true, force: true })
  })
  return world
}

/** The fault with which a hook stops. */
export function refusal(attempt: Promise<unknown>): Promise<HookFault> {
  return attempt.then(
    () => expect.unreachable(),
    (fault: unknown) => {
      expect(fault).toBeInstanceOf(HookFault)
      return fault as HookFault
    },
  )
}
