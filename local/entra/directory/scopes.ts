import { AadstsError } from '../aadsts.ts'
import type { Application } from './application.ts'
import { findResource, type Resource } from './resource.ts'

/** Permissions asked of one resource; `.default` stands for all that were consented. */
export type ResourceScopes = { readonly resource: Resource; readonly permissions: readonly string[] }

/** A `scope` parameter taken apart. */
export type Scopes = {
  readonly openId: ReadonlySet<OpenIdScope>
  readonly resources: readonly ResourceScopes[]
}

/** The four scopes that belong to no resource. */
export type OpenIdScope = 'openid' | 'profile' | 'email' | 'offline_access'

const openIdScopes: ReadonlySet<string> = new Set(['openid', 'profile', 'email', 'offline_access'])

const isOpenIdScope = (scope: string): scope is OpenIdScope => openIdScopes.has(scope)

/**
 * Takes a `scope` parameter apart by resource. A scope without a slash is Microsoft Graph's.
 * Throws AADSTS500011 for an unknown resource and AADSTS70011 for a permission it does not have.
 */
export function parseScopes(scope: string, applications: ReadonlyMap<string, Application>): Scopes {
  const openId = new Set<OpenIdScope>()
  const resources = new Map<string, { resource: Resource; permissions: string[] }>()
  for (const value of scope.split(' ').filter(Boolean)) {
    if (isOpenIdScope(value)) {
      openId.add(value)
      continue
    }
    const slash = value.lastIndexOf('/')
    const identifier = slash < 0 ? 'https://graph.microsoft.com' : value.slice(0, slash)
    const permission = value.slice(slash + 1)
    const resource = findResource(identifier, applications)
    if (!resource) throw new AadstsError(500011, `Resource '${identifier}'.`)
    if (permission !== '.default' && !resource.permissions.includes(permission)) {
      throw new AadstsError(70011, `Scope '${value}'.`)
    }
    const entry = resources.get(resource.appId) ?? { resource, permissions: [] }
    entry.permissions.push(permission)
    resources.set(resource.appId, entry)
  }
  return { openId, resources: [...resources.values()] }
}

/** How a permission is spelled in the `scope` of a token response: Graph's short, everybody else's in full. */
export function formatScope(resource: Resource, permission: string): string {
  return resource.application ? `${resource.identifier}/${permission}` : permission
}
