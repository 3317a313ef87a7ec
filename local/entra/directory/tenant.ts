/** One organisation of the look-alike. */
export type Tenant = { readonly tenantId: string; readonly displayName: string }

/**
 * The first segment of every path: a tenant's GUID, or one of the two names under which people of any tenant sign in.
 * `tenant` is undefined for those two. `segment` is kept as sent: a code is redeemed under the segment that issued it.
 */
export type TenantPath = { readonly segment: string; readonly tenant: Tenant | undefined }

/** Reads the first path segment; undefined for a tenant that does not exist here. */
export function parseTenantPath(segment: string, tenants: readonly Tenant[]): TenantPath | undefined {
  const name = segment.toLowerCase()
  if (name === 'organizations' || name === 'common') return { segment: name, tenant: undefined }
  const tenant = tenants.find((candidate) => candidate.tenantId === name)
  return tenant && { segment: name, tenant }
}
