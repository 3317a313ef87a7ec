import type { Person } from './person.ts'
import type { Tenant } from './tenant.ts'

/** The other organisation of the local world: where the guest comes from. */
export const fabrikam: Tenant = {
  tenantId: '5e0a2f4c-6f0e-4a57-9d5b-2c6a3d8f7b11',
  displayName: 'Fabrikam',
}

/** The people offered on the sign-in page when `openEntra` is given none. */
export const cast: readonly Person[] = [
  {
    oid: '0d1f3a52-8a3c-4c0e-9a86-5b7f0e2d4a01',
    name: 'Ada Lindqvist',
    givenName: 'Ada',
    familyName: 'Lindqvist',
    preferredUsername: 'ada@contoso.example',
    email: 'ada@contoso.example',
  },
  {
    oid: '1c2e4b63-9b4d-4d1f-8b97-6c8a1f3e5b02',
    name: 'Bo Adeyemi',
    givenName: 'Bo',
    familyName: 'Adeyemi',
    preferredUsername: 'bo@contoso.example',
    email: 'bo@contoso.example',
  },
  {
    oid: '2b3d5c74-ac5e-4e2a-9ca8-7d9b2a4f6c03',
    name: 'Chen Rivera',
    givenName: 'Chen',
    familyName: 'Rivera',
    preferredUsername: 'chen@fabrikam.example',
    email: 'chen@fabrikam.example',
    home: { tenantId: fabrikam.tenantId, oid: '7f8a9b0c-1d2e-4f3a-8b4c-5d6e7f8a9b03' },
  },
  {
    oid: '3a4c6d85-bd6f-4f3b-8db9-8eac3b5a7d04',
    name: 'Dana Okafor',
    givenName: 'Dana',
    familyName: 'Okafor',
    preferredUsername: 'dana@contoso.example',
    email: 'dana@contoso.example',
    policy: 'blocked',
  },
  {
    oid: '495b7e96-ce7a-4a4c-9eca-9fbd4c6b8e05',
    name: 'Eli Marchetti',
    givenName: 'Eli',
    familyName: 'Marchetti',
    preferredUsername: 'eli@contoso.example',
    email: 'eli@contoso.example',
    policy: 'needs-admin-consent',
  },
]
