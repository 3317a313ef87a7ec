import { type Account, accountUnder } from '../directory/person.ts'
import type { TenantPath } from '../directory/tenant.ts'
import type { World } from '../world.ts'

/** Everybody who has an account under the path. */
export function accountsUnder(world: World, path: TenantPath): Account[] {
  const [first] = world.tenants
  return world.people.flatMap((person) => accountUnder(path, person, first.tenantId) ?? [])
}
