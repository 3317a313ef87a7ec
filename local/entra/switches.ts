import type { AadstsCode } from './aadsts.ts'
import type { KeyPolicy } from './directory/keyPolicy.ts'
import type { EndpointKind } from './requestLog.ts'
import type { IdTokenFlaw } from './token/idTokenFlaws.ts'
import type { Fault } from './wire/fault.ts'

/**
 * Everything the look-alike can be told to get wrong. All off, it behaves as Entra does. Assign to switch on;
 * `reset()` puts every one back. Names follow the OpenID Foundation's relying-party test modules where one exists.
 */
export type Switches = {
  /** Transport and HTTP misbehaviour, by endpoint. */
  faults: Partial<Record<EndpointKind, Fault>>
  metadata: {
    /** Members put in place of the honest ones; undefined removes one. `{ issuer: ... }` is the mismatch module. */
    override: Record<string, unknown>
    /** Issuer of metadata, keys and v2 tokens in place of the one at this host, with `{tenantid}`: External ID has another host for it. */
    issuer: string | undefined
  }
  keys: {
    /** Tokens for an application are signed by a key of its own, as after claims mapping; only `?appid=` leads to it. */
    ofApplications: boolean
    /** Publish the signing key alone, so that a token without `kid` can still be verified. */
    onlyCurrent: boolean
    /** Add keys of other types and uses that carry the signing key's own `kid`. */
    decoys: boolean
    /** Before each ID token is signed, replace the signing key and withdraw the old one. */
    rotateBeforeSigning: boolean
  }
  authorize: {
    /** Answer the next authorization request with this error instead of asking anybody. */
    error: { error: string; description?: string } | undefined
    /** `iss` in the authorization response (RFC 9207). Entra sends none. */
    iss: string | undefined
    /** Response parameters to send twice; the second copy has `-duplicate` appended. */
    duplicate: readonly string[]
    state: 'echo' | 'absent' | 'other'
    /** Stricter than Entra: refuse a request without PKCE or nonce. */
    requirePkce: boolean
    requireNonce: boolean
  }
  clientAuthentication: {
    /** Stricter than Entra: refuse a `jti` seen before (RFC 7523 section 3, OpenID Connect Core section 9). */
    refuseReusedJti: boolean
    /** How long a certificate just registered is still unknown to the token endpoint. */
    propagationMs: number
  }
  token: {
    /** Refuse every token request with this code, after client authentication. */
    refuse: AadstsCode | undefined
    /** Claims challenge to send along with the refusal. */
    refuseClaims: string | undefined
    /** Another \`error\` than that of the number's row: Entra sends some numbers under several. */
    refuseError: string | undefined
    /** Members put in place of the honest ones; undefined removes one (`token_type`, `expires_in`, `id_token`). */
    override: Record<string, unknown>
    accessTokenLifetimeSeconds: number
  }
  idToken: {
    flaw: IdTokenFlaw | undefined
    /** Claims put in place of the honest ones; undefined removes one. */
    override: Record<string, unknown>
  }
  /** What the organisation asks of people after the fact; a new sign-in satisfies it. */
  policy: {
    /** A sign-in up to this moment counts no more: `login_required` at refresh, no silent one. Milliseconds since the epoch. */
    signInsSinceMs: number | undefined
    /** No refresh without this authentication context, e.g. `c1`: `interaction_required` with the claims that ask for it. */
    authenticationContext: string | undefined
  }
  consent: {
    /** Client ids of the APIs that the administrator has agreed to nothing for: each person is asked. */
    notGivenFor: readonly string[]
  }
  graph: {
    /** How long a key that was just added, or taken away, is not yet seen to be by whoever reads the application. */
    readDelayMs: number
    /** Keys that an application object holds at most. */
    keyLimit: number
    /** Whether a proof of possession may be signed with PS256: Microsoft documents RS256. */
    acceptsPs256: boolean
    /** What the tenant asks of certificates that are added; nothing, unless told. */
    tenantPolicy: KeyPolicy | undefined
    /** By client id: what holds for that application in place of the tenant's. */
    ownPolicies: Readonly<Record<string, KeyPolicy>>
  }
  logout: {
    /** What becomes of `state` on the way to post_logout_redirect_uri. */
    state: 'echo' | 'absent' | 'other'
  }
}

/** The switches with the way to put them all back. */
export type SwitchBoard = Switches & { reset(): void }

/** The switches, all off. */
export function createSwitches(): SwitchBoard {
  const switches: SwitchBoard = { ...honest(), reset: () => void Object.assign(switches, honest()) }
  return switches
}

function honest(): Switches {
  return {
    faults: {},
    metadata: { override: {}, issuer: undefined },
    keys: { ofApplications: false, onlyCurrent: false, decoys: false, rotateBeforeSigning: false },
    authorize: {
      error: undefined,
      iss: undefined,
      duplicate: [],
      state: 'echo',
      requirePkce: false,
      requireNonce: false,
    },
    clientAuthentication: { refuseReusedJti: false, propagationMs: 0 },
    token: {
      refuse: undefined,
      refuseClaims: undefined,
      refuseError: undefined,
      override: {},
      accessTokenLifetimeSeconds: 3599,
    },
    idToken: { flaw: undefined, override: {} },
    policy: { signInsSinceMs: undefined, authenticationContext: undefined },
    consent: { notGivenFor: [] },
    graph: {
      readDelayMs: 0,
      keyLimit: 1_200,
      acceptsPs256: false,
      tenantPolicy: undefined,
      ownPolicies: {},
    },
    logout: { state: 'echo' },
  }
}

/** Lays overriding members over honest ones; an override of undefined removes the member. */
export function override(
  honestMembers: Record<string, unknown>,
  overriding: Record<string, unknown>,
): Record<string, unknown> {
  const entries = Object.entries({ ...honestMembers, ...overriding })
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}
