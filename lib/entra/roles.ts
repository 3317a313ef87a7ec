/** Application roles: what a person may do here, as their ID token says. Pure. */
import type { Identity } from './idToken.ts'

/** Whether the person has one of these roles; everybody has where none is asked for. */
export function hasRole({ roles = [] }: Pick<Identity, 'roles'>, anyOf: readonly string[]): boolean {
  return anyOf.length === 0 || anyOf.some((role) => roles.includes(role))
}
