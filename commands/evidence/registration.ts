/** What Microsoft Graph shows of an application: its credentials of every kind, and the policies that they are under. */
import type { Graph } from '../../lib/entra/graph.ts'
import { optional } from '../../lib/entra/graphCredentials.ts'
import type { ManagementPolicy } from '../../lib/entra/graphPolicies.ts'
import { iso, type PolicyEvidence, type RegistrationEvidence } from './evidence.ts'

/** Throws `graph/*`, and what a token request of the application can throw. */
export async function registrationEvidence(graph: Graph): Promise<RegistrationEvidence> {
  const { objectId, createdAtMs, passwordCredentials, keyCredentials } = await graph.application()
  const federated = await graph.federatedCredentials()
  return {
    objectId,
    ...optional('createdAt', isoOf(createdAtMs)),
    isDisabled: await graph.isDisabled(),
    passwords: sorted(
      passwordCredentials.map(({ keyId, displayName, endsAtMs }) => ({
        keyId,
        ...optional('name', displayName),
        ...optional('endsAt', isoOf(endsAtMs)),
      })),
      ({ keyId }) => keyId,
    ),
    certificates: sorted(
      keyCredentials.map(({ keyId, displayName, startsAtMs, endsAtMs, thumbprintSha1 }) => ({
        keyId,
        ...optional('name', displayName),
        ...optional('startsAt', isoOf(startsAtMs)),
        ...optional('endsAt', isoOf(endsAtMs)),
        ...optional('thumbprint', thumbprintSha1),
      })),
      ({ startsAt = '', keyId }) => `${startsAt} ${keyId}`,
    ),
    federated: sorted(
      federated.map(({ name, issuer, subject, audiences }) => ({ name, issuer, subject, audiences })),
      ({ name }) => name,
    ),
  }
}

export function policyEvidence({ displayName, isEnabled, restrictions }: ManagementPolicy): PolicyEvidence {
  return {
    name: displayName,
    isEnabled,
    restrictions: sorted(
      restrictions.map(({ type, isInForce, maxLifetime, fromCreationMs, exemptsCallers }) => ({
        type,
        isInForce,
        ...optional('maxLifetime', maxLifetime),
        ...optional('fromCreation', isoOf(fromCreationMs)),
        exemptsCallers,
      })),
      ({ type }) => type,
    ),
  }
}

function isoOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : iso(ms)
}

/** Nobody promises an order, and the same evidence has to give the same bytes. */
function sorted<T>(values: readonly T[], by: (value: T) => string): readonly T[] {
  return values.toSorted((a, b) => (by(a) < by(b) ? -1 : 1))
}
