import { AadstsError } from '../aadsts.ts'
import { findResource } from '../directory/resource.ts'
import { signingKeyFor } from '../metadata.ts'
import type { Exchange } from '../wire/exchange.ts'
import { note } from '../wire/exchange.ts'
import type { World } from '../world.ts'
import { accessTokenClaims, signAccessToken } from './accessToken.ts'
import type { AuthenticatedClient } from './clientAuthentication.ts'

/**
 * Issues an app-only token (RFC 6749 section 4.4): one resource as `{resource}/.default`, a tenant in the path, no refresh
 * token. `roles` are the app roles the client holds on the resource, or absent.
 */
export async function issueAppToken(
  world: World,
  exchange: Exchange,
  client: AuthenticatedClient,
): Promise<Record<string, unknown>> {
  const { tenant } = exchange.tenant
  if (!tenant) throw new AadstsError(9001023)
  if (client.proof === 'none') throw new AadstsError(7000218)
  const scopes = exchange.form.require('scope').split(' ').filter(Boolean)
  const [scope = '', ...others] = scopes
  if (others.length > 0) throw new AadstsError(28000, `Scope '${scopes.join(' ')}'.`)
  if (!scope.endsWith('/.default')) throw new AadstsError(1002012, `Scope '${scope}'.`)
  const resource = findResource(scope.slice(0, -'/.default'.length), world.applications)
  if (!resource) throw new AadstsError(500011, `Scope '${scope}'.`)

  const roles = Object.entries(client.application.applicationPermissions).flatMap(([name, held]) =>
    findResource(name, world.applications)?.appId === resource.appId ? held : [],
  )
  const claims = accessTokenClaims(world, client, resource, { kind: 'app', tid: tenant.tenantId, roles })
  note(exchange, { resource: resource.identifier, roles, accessTokenVersion: String(claims.ver) })
  const lifetime = world.switches.token.accessTokenLifetimeSeconds
  return {
    token_type: 'Bearer',
    expires_in: lifetime,
    ext_expires_in: lifetime,
    access_token: await signAccessToken(claims, await signingKeyFor(world, resource.appId), resource),
  }
}
