import { describe, expect, it } from 'vitest'
import { createAzure } from '../../../commands/evidence/azure.ts'
import { APP_IDENTITY } from './sampleEvidence.ts'

const SUBSCRIPTION = '00000000-0000-4000-8000-00000000000a'
const VAULT = 'https://signet-contoso.vault.azure.net'
const ROLE = 'a4417e6f-fecd-4de8-b567-7b0420556985'
const VAULT_PATH = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-signet/providers/Microsoft.KeyVault/vaults/signet-contoso`
const WORKSPACE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-signet/providers/Microsoft.OperationalInsights/workspaces/logs`
const assignment = (scope: string) => ({
  properties: {
    principalId: APP_IDENTITY,
    principalType: 'ServicePrincipal',
    roleDefinitionId: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${ROLE}`,
    scope,
  },
})

/** Answers by the end of the address, as Azure shapes them. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  [VAULT_PATH]: {
    properties: {
      sku: { name: 'premium' },
      enableRbacAuthorization: true,
      enablePurgeProtection: true,
      softDeleteRetentionInDays: 90,
      publicNetworkAccess: 'Disabled',
      tokenBindingParameters: { mode: 'enforced' },
    },
  },
  [`${VAULT_PATH}/providers/Microsoft.Authorization/roleDefinitions`]: {
    value: [{ id: `/x/${ROLE.toUpperCase()}`, properties: { roleName: 'Key Vault Certificates Officer' } }],
  },
  [`${VAULT_PATH}/providers/Microsoft.Authorization/roleAssignments`]: {
    value: [
      assignment(VAULT_PATH.toLowerCase()),
      assignment(`${VAULT_PATH}/keys/signing`),
      assignment(`/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-signet`),
      assignment(`/subscriptions/${SUBSCRIPTION}`),
    ],
  },
  [`${VAULT_PATH}/providers/Microsoft.Insights/diagnosticSettings`]: {
    value: [{ properties: { workspaceId: WORKSPACE } }],
  },
  [WORKSPACE]: { properties: { customerId: 'customer-id' } },
  '/v1/workspaces/customer-id/query': {
    tables: [
      {
        columns: [
          'Caller',
          'Id',
          'CallerIpAddress',
          'ResultSignature',
          'Signatures',
          'P95Ms',
          'LastSeen',
        ].map((name) => ({ name })),
        rows: [[APP_IDENTITY, `${VAULT}/keys/signing/v1`, '10.0.1.4', 'OK', 12, 40, '2026-11-26T09:28:11Z']],
      },
    ],
  },
}

function azure(env: Record<string, string> = {}, status = 200) {
  const asked: string[] = []
  const scopes: unknown[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const { origin, pathname } = new URL(String(input))
    asked.push(`${init?.method ?? 'GET'} ${origin}`)
    return Response.json(ANSWERS[decodeURIComponent(pathname)] ?? {}, { status })
  }
  const credential = {
    getToken: async (scope: unknown) => {
      scopes.push(scope)
      return { token: 'token', expiresOnTimestamp: 0 }
    },
  }
  const told = {
    KEY_VAULT_URL: VAULT,
    AZURE_SUBSCRIPTION_ID: SUBSCRIPTION,
    AZURE_RESOURCE_GROUP: 'rg-signet',
    ...env,
  }
  return { ...createAzure({ env: told, credential, effects: { fetch } }), asked, scopes }
}

describe('Azure about the vault', () => {
  it('says its kind, its protection, and what it asks of tokens', async () => {
    expect(await azure().vault(VAULT)).toEqual({
      sku: 'premium',
      usesRoles: true,
      purgeProtection: true,
      recoverableDays: 90,
      publicNetwork: 'Disabled',
      tokenBinding: 'enforced',
    })
  })

  it('says who has which role by name, on the vault, in it and on what it lies in', async () => {
    const roles = await azure().roles(VAULT)
    expect(roles.map(({ role, scope }) => `${role}: ${scope}`)).toEqual(
      ['its resource group', 'its subscription or above', 'keys/signing', 'the vault'].map(
        (scope) => `Key Vault Certificates Officer: ${scope}`,
      ),
    )
    expect(new Set(roles.map(({ principal }) => principal))).toEqual(new Set([APP_IDENTITY]))
  })

  it('says who had it sign, from the workspace that its own log goes to', async () => {
    const asked = azure()
    expect(await asked.signatures(VAULT)).toEqual([
      {
        caller: APP_IDENTITY,
        key: `${VAULT}/keys/signing/v1`,
        address: '10.0.1.4',
        result: 'OK',
        signatures: 12,
        lastAt: '2026-11-26T09:28:11Z',
      },
    ])
    expect(asked.asked.at(-1)).toBe('POST https://api.loganalytics.azure.com')
    expect(asked.scopes).toEqual([
      'https://management.azure.com/.default',
      'https://management.azure.com/.default',
      'https://api.loganalytics.io/.default',
    ])
  })

  it('is asked nothing where the environment does not say where the vault is', async () => {
    const asked = azure({ AZURE_SUBSCRIPTION_ID: '' })
    await expect(asked.vault(VAULT)).rejects.toThrow(
      'AZURE_SUBSCRIPTION_ID and AZURE_RESOURCE_GROUP do not say',
    )
    expect([asked.asked, asked.scopes]).toEqual([[], []])
  })

  it('says that whoever asked may not read it, and no word of the answer', async () => {
    await expect(azure({}, 403).roles(VAULT)).rejects.toThrow(
      'management.azure.com answered 403: whoever asked may not read it.',
    )
  })
})
