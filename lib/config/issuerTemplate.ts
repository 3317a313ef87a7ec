/** Issuers. Entra writes `{tenantid}` where the id of the tenant goes; a token names its tenant in `tid`. */
import { judgeUrl } from './judgeUrl.ts'

export const TENANT_PLACEHOLDER = '{tenantid}'

const ANY_TENANT = '00000000-0000-0000-0000-000000000000'

/** The issuer that the template stands for in one tenant: every placeholder replaced, and nothing else. */
export function issuerFor(template: string, tenantId: string): string {
  return template.replaceAll(TENANT_PLACEHOLDER, () => tenantId)
}

/**
 * What is wrong with an issuer, or a template of one. It is compared with tokens letter by letter (OpenID Connect Core 2), so it has no
 * normal form: it must be written as Entra writes it.
 */
export function issuerFaults(template: string): readonly string[] {
  const issuer = issuerFor(template, ANY_TENANT)
  if (/[{}]/.test(issuer)) return [`may hold ${TENANT_PLACEHOLDER}, and no other placeholder`]
  const { faults } = judgeUrl(issuer)
  if (faults.length > 0) return faults
  const { href } = new URL(issuer)
  return href === issuer || href === `${issuer}/`
    ? []
    : ['must be written as in Entra’s metadata: it is compared letter by letter']
}
