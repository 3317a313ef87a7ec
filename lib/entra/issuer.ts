/** Issuers of a tenant. Entra's discovery for several tenants gives a template; a token names its tenant in `tid`. */
import { issuerFor, TENANT_PLACEHOLDER } from '../config/issuerTemplate.ts'
import type { Guid } from '../config/settingsReader.ts'

/** Whether `iss` is the issuer of one of these tenants. */
export function isIssuerOfOne(iss: string, template: string, tenants: readonly Guid[]): boolean {
  return tenants.some((tenantId) => iss === issuerFor(template, tenantId))
}

/** Whether people of every tenant can sign in under this issuer, so that it takes a list to say who may. */
export function isForAnyTenant(template: string): boolean {
  return template.includes(TENANT_PLACEHOLDER)
}

/** The tenant id in a claim if it is one of those allowed. */
export function allowedTenant(tid: unknown, allowed: readonly Guid[]): Guid | undefined {
  return allowed.find((tenantId) => tenantId === tid)
}
