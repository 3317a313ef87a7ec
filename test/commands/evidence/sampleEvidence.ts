/** Evidence as a healthy deployment gives it, for the tests of the page and of what it comes to. */
import type { ApplicationEvidence, Evidence } from '../../../commands/evidence/evidence.ts'

export const APP_IDENTITY = '0b7e0a54-6c1f-4f0e-9a57-3f4f6d1f2a10'
const DEPLOYER = '5d1c2b8e-93a4-4e67-8a0b-1d2e3f405162'
const THUMBPRINT = 'A9F3C0D1E2B4A5968778695A4B3C2D1E0F102132'

const application = (use: ApplicationEvidence['use'], clientId: string): ApplicationEvidence => ({
  use,
  clientId,
  sources: ['vault'],
  local: [],
  registration: {
    known: {
      objectId: clientId.replace(/^./, 'f'),
      createdAt: '2026-09-01T08:00:00Z',
      isDisabled: false,
      passwords: [],
      certificates: [
        {
          keyId: '77777777-0000-4000-8000-000000000001',
          name: 'CN=signet',
          startsAt: '2026-09-01T08:00:00Z',
          endsAt: '2026-12-01T08:00:00Z',
          thumbprint: THUMBPRINT,
        },
      ],
      federated: [],
    },
  },
  policies: {
    tenant: {
      known: {
        name: 'Default app management tenant policy',
        isEnabled: true,
        restrictions: [
          {
            type: 'asymmetricKeyLifetime',
            isInForce: true,
            maxLifetime: 'P180D',
            fromCreation: '2026-01-01T00:00:00Z',
            exemptsCallers: false,
          },
        ],
      },
    },
    own: { known: 'none' },
  },
  certificate: {
    known: {
      name: `${use}-signing`,
      policyExportable: false,
      policyMonths: 3,
      versions: [
        {
          version: '3f0c9b1d2e4a4c5f8a7b6c5d4e3f2a1b',
          isEnabled: true,
          signs: true,
          isSelfIssued: true,
          createdAt: '2026-09-01T08:00:00Z',
          startsAt: '2026-09-01T08:00:00Z',
          endsAt: '2026-12-01T08:00:00Z',
          thumbprint: THUMBPRINT,
          key: { known: { type: 'RSA-HSM', bits: 2048, operations: ['sign', 'verify'], exportable: false } },
        },
      ],
    },
  },
  token: { known: { claim: 'azpacr', value: '2' } },
})

export const SAMPLE: Evidence = {
  format: 1,
  gatheredAt: '2026-11-26T09:30:00Z',
  gatheredBy: 'a person',
  deployment: {
    publicUrl: 'https://app.contoso.example',
    tenants: ['00000000-0000-4000-8000-000000000001'],
    signInHost: 'https://login.microsoftonline.com',
    vault: 'https://signet-contoso.vault.azure.net',
    identity: APP_IDENTITY,
  },
  applications: [
    application('sign-in', '00000000-0000-4000-8000-000000000002'),
    application('app-only', '00000000-0000-4000-8000-000000000003'),
  ],
  vault: {
    known: {
      sku: 'premium',
      usesRoles: true,
      purgeProtection: true,
      recoverableDays: 90,
      publicNetwork: 'Disabled',
      tokenBinding: 'disabled',
    },
  },
  roles: {
    known: [
      {
        principal: APP_IDENTITY,
        principalType: 'ServicePrincipal',
        role: 'Signet signer (signet-contoso)',
        scope: 'the vault',
      },
      {
        principal: DEPLOYER,
        principalType: 'User',
        role: 'Key Vault Certificates Officer',
        scope: 'the vault',
      },
    ],
  },
  signatures: {
    known: [
      {
        caller: APP_IDENTITY,
        key: 'https://signet-contoso.vault.azure.net/keys/sign-in-signing/3f0c9b1d2e4a4c5f8a7b6c5d4e3f2a1b',
        address: '10.0.1.4',
        result: 'OK',
        signatures: 8640,
        lastAt: '2026-11-26T09:28:11.0421183Z',
      },
    ],
  },
}
