/** Who asks Graph: read from an access token that the look-alike issued for it. */
import { createHash } from 'node:crypto'
import { compactVerify, decodeProtectedHeader } from 'jose'
import type { Application } from '../directory/application.ts'
import { graphAppId } from '../directory/resource.ts'
import type { World } from '../world.ts'
import { GraphError } from './graphError.ts'

export type GraphCaller = {
  readonly application: Application
  /** Application permissions, or delegated ones where a person asks. */
  readonly permissions: readonly string[]
}

/** Takes an unexpired token for Graph, signed by a key of ours, of an application that is registered. Throws GraphError. */
export async function graphCaller(world: World, authorization: string | undefined): Promise<GraphCaller> {
  const [, token] = /^Bearer (.+)$/i.exec(authorization ?? '') ?? []
  const claims = token === undefined ? undefined : await verified(world, token)
  const application = world.applications.get(String(claims?.appid ?? claims?.azp))
  const isInTime = Number(claims?.exp) * 1000 > world.now()
  if (claims === undefined || claims.aud !== graphAppId || !isInTime || application === undefined)
    throw new GraphError('InvalidAuthenticationToken')
  const { roles, scp } = claims
  const permissions = Array.isArray(roles) ? roles.map(String) : String(scp ?? '').split(' ')
  return { application, permissions }
}

async function verified(world: World, token: string): Promise<Record<string, unknown> | undefined> {
  try {
    const { nonce, kid, ...header } = decodeProtectedHeader(token)
    const key = world.signingKeys.published().find((each) => each.kid === kid)
    if (key === undefined || typeof nonce !== 'string') return undefined
    // What was signed has the nonce's digest in its place.
    const signed = { ...header, kid, nonce: createHash('sha256').update(nonce).digest('base64url') }
    const segment = Buffer.from(JSON.stringify(signed)).toString('base64url')
    const { payload } = await compactVerify(`${segment}${token.slice(token.indexOf('.'))}`, key.publicKey)
    return JSON.parse(Buffer.from(payload).toString())
  } catch {
    return undefined
  }
}
