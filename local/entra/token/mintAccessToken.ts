import { AadstsError } from '../aadsts.ts'
import { accountUnder } from '../directory/person.ts'
import { findResource } from '../directory/resource.ts'
import { signingKeyFor } from '../metadata.ts'
import { override } from '../switches.ts'
import type { World } from '../world.ts'
import { accessTokenClaims, signAccessToken, type TokenSubject } from './accessToken.ts'
import type { ClientProof } from './clientAuthentication.ts'

/** What to mint. Everything but the resource has an honest default. */
export type MintedAccessToken = {
  /** Client id or `api://{clientId}` of the API the token is for; its registration decides the version. */
  readonly resource: string
  /** Client id of the caller; by default the API itself. */
  readonly client?: string
  /** How the caller is said to have proved itself: decides `azpacr` or `appidacr`. Default `certificate`. */
  readonly proof?: ClientProof
  /** Object id of the person the token speaks for; without one, the token is the application's own. */
  readonly person?: string
  /** `scp` of a person's token. */
  readonly scopes?: readonly string[]
  /** `roles` of an application's token. */
  readonly roles?: readonly string[]
  /** Claims put in place of the honest ones; undefined removes one. */
  readonly override?: Record<string, unknown>
  /** `unpublished` signs with a key nobody can know; `foreign` with one published for another issuer. */
  readonly key?: 'current' | 'unpublished' | 'foreign'
}

/** Signs an access token outside any flow. Throws RangeError for an unknown client or person. */
export async function mintAccessToken(world: World, token: MintedAccessToken): Promise<string> {
  const resource = findResource(token.resource, world.applications)
  if (!resource) throw new AadstsError(500011, `'${token.resource}'.`)
  const application = world.applications.get(token.client ?? resource.appId)
  if (!application) throw new RangeError(`No client ${token.client}`)
  const honest = accessTokenClaims(
    world,
    { application, proof: token.proof ?? 'certificate' },
    resource,
    subjectOf(world, token),
  )
  const claims = override(honest, token.override ?? {})
  return signAccessToken(claims, await keyOf(world, resource.appId, token.key ?? 'current'), resource)
}

function subjectOf(world: World, { person: oid, scopes, roles }: MintedAccessToken): TokenSubject {
  const [first] = world.tenants
  if (oid === undefined) return { kind: 'app', tid: first.tenantId, roles: roles ?? [] }
  const person = world.people.find((candidate) => candidate.oid === oid)
  const account = person && accountUnder({ segment: first.tenantId, tenant: first }, person, first.tenantId)
  if (!account) throw new RangeError(`No person ${oid}`)
  return {
    kind: 'user',
    account,
    sid: '00000000-0000-4000-8000-000000000000',
    permissions: scopes ?? ['access_as_user'],
    authenticationContexts: [],
  }
}

async function keyOf(world: World, appId: string, key: NonNullable<MintedAccessToken['key']>) {
  const { signingKeys } = world
  if (key === 'current') return signingKeyFor(world, appId)
  return key === 'foreign' ? signingKeys.foreign() : signingKeys.unpublished()
}
