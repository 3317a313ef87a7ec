/**
 * By whose rules a client assertion is made. `entra`: as Microsoft documents it, for the token endpoint, good for many requests until it
 * expires. `rfc10070`: as strict servers want it since the audience of an assertion was found to be confusable: a type of its own, for
 * the issuer and nobody else, each used once, and no life beyond the request.
 */

export interface AssertionProfile {
  readonly typ: 'JWT' | 'client-authentication+jwt'
  /** How long an assertion lives from the moment it is signed, in seconds. */
  readonly lifetimeSec: number
  /** Whether one serves many requests. */
  readonly isReused: boolean
  /** Whom one is for, given the token endpoint that it is posted to. */
  audienceAt(tokenEndpoint: string): string
}

interface ProfileChoice {
  readonly profile: 'entra' | 'rfc10070'
  readonly lifetimeSec: number
  /** Issuer of the authorization server, which `rfc10070` names as the audience. */
  readonly issuer: string
}

export function assertionProfile({ profile, lifetimeSec, issuer }: ProfileChoice): AssertionProfile {
  return profile === 'entra'
    ? { typ: 'JWT', lifetimeSec, isReused: true, audienceAt: (tokenEndpoint) => tokenEndpoint }
    : { typ: 'client-authentication+jwt', lifetimeSec, isReused: false, audienceAt: () => issuer }
}

/** What Entra documents, with the lifetime that is its default here. */
export const ENTRA_PROFILE: AssertionProfile = assertionProfile({
  profile: 'entra',
  lifetimeSec: 540,
  issuer: '',
})
