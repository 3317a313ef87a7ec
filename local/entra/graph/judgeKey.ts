/** What a tenant asks of certificates: as Graph shows it, and as it judges one that is to be added. */
import { X509Certificate } from 'node:crypto'
import type { Application } from '../directory/application.ts'
import type { KeyPolicy } from '../directory/keyPolicy.ts'
import type { RegisteredCertificate } from '../directory/registeredCertificate.ts'
import type { World } from '../world.ts'
import { GraphError } from './graphError.ts'

const DAY_MS = 86_400_000

/** The one in force for an application: its own takes the place of the tenant's. */
export function policyFor({ switches }: World, { clientId }: Application): KeyPolicy | undefined {
  return switches.graph.ownPolicies[clientId] ?? switches.graph.tenantPolicy
}

/** Throws GraphError where the policy in force forbids it. */
export function requireAllowed(
  world: World,
  application: Application,
  certificate: RegisteredCertificate,
): void {
  const policy = policyFor(world, application)
  if (policy === undefined || policy.isEnabled === false) return
  if (application.createdAtMs < (policy.fromCreationMs ?? Number.NEGATIVE_INFINITY)) return
  const { maxLifetimeDays, authorities } = policy
  const lifeMs = certificate.notAfterMs - certificate.notBeforeMs
  if (maxLifetimeDays !== undefined && lifeMs > maxLifetimeDays * DAY_MS)
    throw new GraphError('CredentialInvalidLifetimeAsPerAppPolicy', undefined, {
      code: 'InvalidKeyEndDate',
      target: 'EndDate',
    })
  if (authorities?.every((authority) => !issued(authority, certificate.der)))
    throw new GraphError('CertificateNotIssuedByTrustedAuthorityAsPerAppPolicy')
}

function issued(authority: Buffer, der: Buffer): boolean {
  const certificate = new X509Certificate(der)
  const issuer = new X509Certificate(authority)
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}

/** As Graph shows one: the tenant's, which is always there, or an application's own. */
export function shownPolicy(policy: KeyPolicy | undefined, kind: 'tenant' | 'own'): object {
  const {
    isEnabled = true,
    maxLifetimeDays,
    authorities,
    fromCreationMs,
    exemptsCallers,
  } = policy ?? {
    isEnabled: false,
  }
  const common = {
    state: 'enabled',
    restrictForAppsCreatedAfterDateTime:
      fromCreationMs === undefined ? null : new Date(fromCreationMs).toISOString(),
    excludeActors: exemptsCallers ? { customSecurityAttributes: [{ id: 'Policy_Exempt' }] } : null,
  }
  const keyCredentials = [
    ...(maxLifetimeDays === undefined
      ? []
      : [{ ...common, restrictionType: 'asymmetricKeyLifetime', maxLifetime: `P${maxLifetimeDays}D` }]),
    ...(authorities === undefined
      ? []
      : [{ ...common, restrictionType: 'trustedCertificateAuthority', maxLifetime: null }]),
  ]
  const restrictions = { passwordCredentials: [], keyCredentials }
  return kind === 'tenant'
    ? {
        id: '00000000-0000-0000-0000-000000000000',
        displayName: 'Default app management tenant policy',
        isEnabled,
        applicationRestrictions: restrictions,
        servicePrincipalRestrictions: { passwordCredentials: [], keyCredentials: [] },
      }
    : { id: '11111111-0000-4000-8000-000000000000', displayName: 'Of its own', isEnabled, restrictions }
}
