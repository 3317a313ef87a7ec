/** People for tests that need many. */
import type { Person } from '../../local/entra/directory/person.ts'
import { REPORTS } from '../../local/sampleApi/sampleApis.ts'

/** A hundred, who may all call both APIs. */
export const PEOPLE: readonly Person[] = Array.from({ length: 100 }, (_, i) => ({
  oid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
  name: `Person ${i}`,
  givenName: 'Person',
  familyName: String(i),
  preferredUsername: `person-${i}@contoso.example`,
  email: `person-${i}@contoso.example`,
  roles: { [REPORTS.clientId]: [REPORTS.role] },
}))
