/**
 * The tenant's policies on credentials of applications, read from what Graph shows of them. Pure. There is one for all applications, and
 * an application may have one of its own, which then holds in place of the other.
 */
import { optional, requireList, requireText, timeOf } from './graphCredentials.ts'
import { membersOf } from './graphRefusal.ts'

export interface ManagementPolicy {
  readonly id: string
  readonly displayName: string
  readonly isEnabled: boolean
  /** What it asks of certificates. */
  readonly restrictions: readonly KeyRestriction[]
}

export interface KeyRestriction {
  /** `asymmetricKeyLifetime`, `trustedCertificateAuthority`, or one that is newer than these. */
  readonly type: string
  /** Not switched off. */
  readonly isInForce: boolean
  /** Longest life of a certificate, as ISO 8601 has it: `P180D`. */
  readonly maxLifetime?: string
  /** It concerns applications that were created at this moment or later; all of them where there is none. Milliseconds since the epoch. */
  readonly fromCreationMs?: number
  /** Some callers are exempt, by an attribute that nobody can see from outside. */
  readonly exemptsCallers: boolean
}

/** Throws `graph/malformed_response`. `member`: under which name a policy of that kind keeps what it asks of application objects. */
export function readManagementPolicy(
  value: unknown,
  member: 'applicationRestrictions' | 'restrictions',
): ManagementPolicy {
  const { id, displayName, isEnabled, [member]: asked } = membersOf(value)
  const { keyCredentials } = membersOf(asked)
  return {
    id: requireText(id, 'id'),
    displayName: typeof displayName === 'string' ? displayName : '',
    isEnabled: isEnabled === true,
    restrictions: requireList(keyCredentials ?? [], 'keyCredentials').map(readRestriction),
  }
}

function readRestriction(value: unknown): KeyRestriction {
  const { restrictionType, state, maxLifetime, restrictForAppsCreatedAfterDateTime, excludeActors } =
    membersOf(value)
  return {
    type: requireText(restrictionType, 'restrictionType'),
    isInForce: state !== 'disabled',
    ...optional('maxLifetime', typeof maxLifetime === 'string' ? maxLifetime : undefined),
    ...optional('fromCreationMs', timeOf(restrictForAppsCreatedAfterDateTime)),
    exemptsCallers: typeof excludeActors === 'object' && excludeActors !== null,
  }
}
