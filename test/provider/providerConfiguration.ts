/** How the independent provider is set up: strict where it can be, and with Entra's addresses, claims and habits. */
import type { JsonWebKey } from 'node:crypto'
import type { Context, Payload } from 'oidc-provider'
import type { Person } from '../../local/entra/directory/person.ts'
import type { ProviderStore } from './providerStore.ts'

export interface ProviderClient {
  readonly clientId: string
  /** Public keys of its certificates; they carry no `kid`, as our assertions carry none. */
  readonly keys: readonly JsonWebKey[]
  readonly redirectUri?: string
  readonly signedOutUri?: string
}

/** Rules of the provider that can be switched, each of which is the provider's own. */
export interface ProviderStrictness {
  /** Whether an assertion is good for one request only (RFC 7523 section 3, OpenID Connect Core section 9); as it comes, it is. */
  readonly takesAssertionsOnce?: boolean
  /** The rules of FAPI 2.0 at the token endpoint: the issuer is the only audience of an assertion. */
  readonly isFapi?: boolean
  /** Whether `offline_access` counts only where consent is asked for (OpenID Connect Core section 11); Entra needs no such sign. */
  readonly offlineNeedsConsent?: boolean
  /** How far its clock and the client's may be apart: the tests' clock moves, and the provider's is the machine's. 15 seconds as it comes. */
  readonly clockToleranceSec?: number
}

interface ProviderSetup extends ProviderStrictness {
  readonly tenantId: string
  readonly people: readonly Person[]
  readonly clients: readonly ProviderClient[]
  /** Private, with `kid`. */
  readonly signingKey: JsonWebKey
  readonly store: ProviderStore
  /** Path of the page that asks who is there. */
  readonly signInPath: (uid: string) => string
}

const OPENID_SCOPES = ['openid', 'profile', 'offline_access']

export function providerConfiguration(setup: ProviderSetup): Readonly<Record<string, unknown>> {
  const {
    tenantId,
    people,
    clients,
    signingKey,
    store,
    signInPath,
    isFapi = false,
    offlineNeedsConsent = false,
    clockToleranceSec = 15,
  } = setup
  return {
    adapter: store.adapter,
    clients: clients.map(registration),
    clockTolerance: clockToleranceSec,
    clientAuthMethods: ['private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: ['PS256'], idTokenSigningAlgValues: ['RS256'] },
    jwks: { keys: [signingKey] },
    cookies: { keys: ['of-this-test-alone'] },
    pkce: { required: () => true },
    scopes: [
      ...OPENID_SCOPES,
      ...clients.flatMap(({ clientId }) => [
        `api://${clientId}/access_as_user`,
        `api://${clientId}/.default`,
      ]),
    ],
    // Below the tenant's path, where Entra has them.
    routes: {
      authorization: '/oauth2/v2.0/authorize',
      token: '/oauth2/v2.0/token',
      end_session: '/oauth2/v2.0/logout',
      jwks: '/discovery/v2.0/keys',
    },
    features: {
      fapi: { enabled: isFapi, profile: ({ oidc }: Context) => (oidc.route === 'token' ? '2.0' : undefined) },
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource },
    },
    // Entra puts the claims of `profile` into the ID token of the code flow too.
    conformIdTokenClaims: false,
    claims: {
      openid: ['sub', 'tid', 'oid', 'ver', 'sid'],
      profile: ['name', 'preferred_username'],
    },
    ...(offlineNeedsConsent ? {} : { issueRefreshToken }),
    // A refresh token that is used again ends the whole grant (RFC 9700 section 4.14.2): the client has to take the successor.
    rotateRefreshToken: true,
    expiresWithSession: () => true,
    findAccount: (_ctx: Context, oid: string, token: Payload | undefined) => {
      const person = people.find((each) => each.oid === oid)
      if (person === undefined) return undefined
      const { name, preferredUsername } = person
      const claims = {
        sub: oid,
        tid: tenantId,
        oid,
        ver: '2.0',
        sid: token?.sessionUid,
        name,
        preferred_username: preferredUsername,
      }
      return { accountId: oid, claims: () => claims }
    },
    interactions: { url: (_ctx: Context, { uid }: { uid: string }) => signInPath(uid) },
    // Nobody is asked for consent: the administrator has given it.
    loadExistingGrant: async (ctx: GrantingContext) => {
      const { client, session, provider } = ctx.oidc
      const grant = new provider.Grant({
        clientId: client?.clientId ?? '',
        accountId: session?.accountId ?? '',
      })
      grant.addOIDCScope([...OPENID_SCOPES, `api://${client?.clientId}/access_as_user`].join(' '))
      await grant.save()
      return grant
    },
    ttl: {
      AccessToken: 3_600,
      AuthorizationCode: 600,
      ClientCredentials: 3_600,
      Grant: 86_400,
      IdToken: 3_600,
      // Its cookie expires by the machine's clock, the browser's is the tests' and may be ahead.
      Interaction: 86_400,
      RefreshToken: 86_400,
      Session: 86_400,
    },
    renderError(ctx: Context, error: { readonly error: string; readonly error_description?: string }) {
      ctx.type = 'text'
      ctx.body = `${error.error}: ${error.error_description ?? ''}`
    },
  }
}

const issueRefreshToken = (_ctx: Context, client: { grantTypeAllowed(type: string): boolean }): boolean =>
  client.grantTypeAllowed('refresh_token')

type GrantingContext = Context & {
  readonly oidc: { readonly provider: { readonly Grant: typeof import('oidc-provider').Grant } }
}

function registration({ clientId, keys, redirectUri, signedOutUri }: ProviderClient): object {
  const isForPeople = redirectUri !== undefined
  return {
    client_id: clientId,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'PS256',
    id_token_signed_response_alg: 'RS256',
    jwks: { keys },
    grant_types: isForPeople ? ['authorization_code', 'refresh_token'] : ['client_credentials'],
    response_types: isForPeople ? ['code'] : [],
    redirect_uris: isForPeople ? [redirectUri] : [],
    ...(signedOutUri === undefined ? {} : { post_logout_redirect_uris: [signedOutUri] }),
  }
}

/** The page that asks whether to sign out, with the provider's own form in it. */
function logoutSource(ctx: Context, form: string): void {
  const press = '<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>'
  ctx.type = 'html'
  ctx.body = `<!doctype html><title>Sign out?</title>${form}${press}`
}
