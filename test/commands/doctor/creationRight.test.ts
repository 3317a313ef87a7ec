/** By which roles an identity may make versions of a certificate, and what the doctor says where the app is to make them and may not. */
import { afterEach, describe, expect, it } from 'vitest'
import { creationRight } from '../../../commands/doctor/creationRight.ts'
import { AzureFault } from '../../../commands/resourceManager.ts'
import type { Environment } from '../../../lib/config/settingsReader.ts'
import { AppError } from '../../../lib/errors/appError.ts'
import { type Hindrance, NOTHING_YET } from '../../../lib/rotation/state.ts'
import { openExaminedWorld } from './openExaminedWorld.ts'

const { desk, world, examine } = await openExaminedWorld()
const VAULT = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-x'
const CREATE = 'Microsoft.KeyVault/vaults/certificates/create/action'
const asked = { vaultUrl: 'https://kv-x.vault.azure.net', certificate: 'signing', principal: 'somebody' }

interface Role {
  readonly scope?: string
  readonly dataActions?: readonly string[]
  readonly notDataActions?: readonly string[]
}

function manager(roles: readonly Role[], defined: readonly Role[] = roles) {
  const paths: string[] = []
  return {
    paths,
    vaultPath: () => VAULT,
    async read(path: string) {
      paths.push(decodeURIComponent(path))
      return path.includes('roleAssignments')
        ? {
            value: roles.map(({ scope = VAULT }, at) => ({
              properties: { scope, roleDefinitionId: `/subscriptions/s/roles/ROLE-${at}` },
            })),
          }
        : {
            value: defined.map(({ dataActions = [CREATE], notDataActions = [] }, at) => ({
              id: `/somewhere/role-${at}`,
              properties: { permissions: [{ dataActions: [] }, { dataActions, notDataActions }] },
            })),
          }
    },
  }
}

it.each<[string, Role]>([
  ['on the vault', {}],
  ['on the resource group', { scope: '/subscriptions/s/resourceGroups/RG' }],
  ['on the subscription', { scope: '/subscriptions/s' }],
  ['everywhere', { scope: '/' }],
  ['on the certificate alone', { scope: `${VAULT.toUpperCase()}/certificates/signing` }],
  ['by a pattern', { dataActions: ['Microsoft.KeyVault/vaults/certificates/*'] }],
  ['by a pattern of everything', { dataActions: ['*'] }],
  ['by a pattern in another case', { dataActions: ['microsoft.keyvault/vaults/*/create/action'] }],
])('a role %s counts', async (_where, role) => {
  const { paths, ...arm } = manager([{ dataActions: ['Microsoft.KeyVault/vaults/keys/read'] }, role])
  expect(await creationRight(arm, asked)).toBe('yes')
  expect(paths).toEqual([
    `${VAULT}/providers/Microsoft.Authorization/roleAssignments?$filter=assignedTo('somebody')`,
    `${VAULT}/providers/Microsoft.Authorization/roleDefinitions`,
  ])
})

it.each<[string, readonly Role[]]>([
  ['there is none', []],
  ['it is on another certificate', [{ scope: `${VAULT}/certificates/signing2` }]],
  ['it is on the keys of the vault', [{ scope: `${VAULT}/keys/signing` }]],
  ['it is on a vault whose name goes on', [{ scope: `${VAULT}2` }]],
  ['it reads', [{ dataActions: ['Microsoft.KeyVault/vaults/certificates/read'] }]],
  ['a dot is no pattern', [{ dataActions: ['MicrosoftxKeyVault/vaults/certificates/create/action'] }]],
  ['it excepts that', [{ dataActions: ['*'], notDataActions: ['*/certificates/create/action'] }]],
])('no role counts where %s', async (_why, roles) => {
  expect(await creationRight(manager(roles), asked)).toBe('no')
})

it('what a role allows that cannot be read is not known, and neither is anything where nothing may be read', async () => {
  expect(await creationRight(manager([{}], []), asked)).toBe('unknown')
  for (const fault of [new AzureFault('403'), new AppError('entra/unavailable')]) {
    const read = async () => {
      throw fault
    }
    expect(await creationRight({ vaultPath: () => VAULT, read }, asked)).toBe('unknown')
  }
})

const PRINCIPAL = '00000000-0000-4000-8000-0000000000aa'
const IN_AZURE: Environment = {
  ROTATION: 'auto',
  AZURE_ENV_NAME: 'prod',
  AZURE_SUBSCRIPTION_ID: '00000000-0000-4000-8000-00000000000a',
  AZURE_RESOURCE_GROUP: 'rg-signet',
  SIGNET_IDENTITY_PRINCIPAL_ID: PRINCIPAL,
}
/** Resource Manager, where the identity has one role on the vault; everything else goes its way. */
const azure =
  (dataActions: readonly string[]): typeof globalThis.fetch =>
  async (input, init) => {
    const url = new URL(String(input))
    if (url.hostname !== 'management.azure.com') return fetch(input, init)
    const [scope] = url.pathname.split('/providers/Microsoft.Authorization/')
    const assigned = { properties: { roleDefinitionId: '/x/role', scope } }
    const defined = { id: '/x/role', properties: { permissions: [{ dataActions, notDataActions: [] }] } }
    return Response.json({ value: [url.pathname.endsWith('roleAssignments') ? assigned : defined] })
  }

async function writeRow(hindrances: readonly Hindrance[]): Promise<void> {
  const { version } = desk.vault.certificate()
  const names = { version, thumbprintS256: '', thumbprintSha1: '', expiresAtMs: world.now() + 8.64e9 }
  const active = { ...names, sinceMs: world.now() }
  const state = JSON.stringify({ ...NOTHING_YET, active, lookedAtMs: world.now(), hindrances })
  await world.rows.table.upsertEntity({ partitionKey: 'rotation', rowKey: desk.clientId, state }, 'Replace')
}

describe('the doctor', () => {
  afterEach(() => world.rows.table.deleteEntity('rotation', desk.clientId))

  it('finds before a version is due that ROTATION is auto and the app may make none, and gives it the right', async () => {
    await writeRow([])
    const roles = (dataActions: readonly string[]) =>
      examine(IN_AZURE, { effects: { fetch: azure(dataActions) } })
    const found = (await roles(['Microsoft.KeyVault/vaults/certificates/read'])).of('rotation')

    expect([found.verdict, found.seen]).toEqual([
      'fail',
      expect.stringMatching(
        /^ROTATION is auto, and the app may make no version of certificate signet-signing: no role of its identity on the vault has certificates\/create\. 1 version in the vault: /,
      ),
    ])
    expect(found.fix).toBe('azd env set ROTATION auto && azd provision --no-state')
    const granted = (await roles(['Microsoft.KeyVault/vaults/certificates/create/action'])).of('rotation')
    expect([granted.verdict, granted.note]).toEqual(['pass', undefined])
    expect((await examine({ ...IN_AZURE, ROTATION: 'register' })).of('rotation').verdict).toBe('pass')
  })

  it('that is stuck because the app may make no version is given the right with ROTATION=auto', async () => {
    await writeRow([{ step: 'create', version: '', code: 'rotation/may_not_create', atMs: world.now() }])
    const { seen, fix } = (await examine({ APP_ONLY_CLIENT_ID: '', ROTATION: 'auto' })).of('rotation')

    expect(seen).toMatch(
      /^The exchange is stuck at the step create since .* \(rotation\/may_not_create\)\. The vault lets nobody/,
    )
    expect(fix).toMatch(
      /^az role definition create .*certificates\/create\/action.* && az role assignment create /,
    )
  })
})
