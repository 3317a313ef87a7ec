import { createHash } from 'node:crypto'
import type { TenantPath } from './tenant.ts'

/** Somebody who can sign in. `oid` is the object id in the look-alike's first tenant. */
export type Person = {
  readonly oid: string
  readonly name: string
  readonly givenName: string
  readonly familyName: string
  readonly preferredUsername: string
  readonly email: string
  /** Set for a guest: the tenant the person comes from, and the object id there. */
  readonly home?: { readonly tenantId: string; readonly oid: string }
  /** `blocked`: Conditional Access refuses (AADSTS53003). `needs-admin-consent`: AADSTS90094. */
  readonly policy?: 'blocked' | 'needs-admin-consent'
  /** App roles held, by the client id of the application that defines them. */
  readonly roles?: Readonly<Record<string, readonly string[]>>
}

/** A person as one tenant knows them: what `tid`, `oid`, `acct` and `idp` are made of. */
export type Account = {
  readonly person: Person
  readonly tid: string
  readonly oid: string
  readonly homeTenantId: string
  readonly isGuest: boolean
}

/** The account with which the person signs in under that path, or undefined where they have none. */
export function accountUnder(path: TenantPath, person: Person, firstTenantId: string): Account | undefined {
  const homeTenantId = person.home?.tenantId ?? firstTenantId
  const tid = path.tenant?.tenantId ?? homeTenantId
  if (tid === homeTenantId) {
    return { person, tid, oid: person.home?.oid ?? person.oid, homeTenantId, isGuest: false }
  }
  return tid === firstTenantId ? { person, tid, oid: person.oid, homeTenantId, isGuest: true } : undefined
}

/** The opaque `login_hint` claim of an account; accepted back as `login_hint` and `logout_hint`. */
export function loginHintOf(account: Pick<Account, 'oid' | 'tid'>): string {
  return `O.${createHash('sha256').update(`login_hint ${account.tid} ${account.oid}`).digest('base64url')}`
}

/** Whether a `login_hint` or `logout_hint` names the account: the opaque claim, or the user name in any case. */
export function isHintFor(account: Account, hint: string): boolean {
  return (
    hint === loginHintOf(account) || hint.toLowerCase() === account.person.preferredUsername.toLowerCase()
  )
}
