/**
 * A desk to walk through: the one that runs, or where none does one of its own, with Entra, vault and identity as stand-ins in this process.
 * Either way this process then reaches its own machine only.
 */
import { ManagedIdentityCredential } from '@azure/identity'
import { readConfig } from '../../lib/config/config.ts'
import { openClientDesk } from '../../local/clientDesk.ts'
import { COMMAND_REDIRECT_URI } from '../../local/commandRedirectUri.ts'
import type { Desk } from '../../local/desk.ts'
import { joinDesk } from '../../local/deskNotice.ts'
import { cast } from '../../local/entra/directory/cast.ts'
import type { SecretClient } from '../../local/secretClient.ts'
import { signInAs } from './signInAs.ts'
import { redirectedTo, type Target } from './target.ts'

export interface DeskTarget extends Target {
  readonly signInAs: NonNullable<Target['signInAs']>
  /** Which desk it is, as a sentence. */
  readonly where: string
}

/** A desk whose app may be redirected to `redirectUri`. */
export async function openDeskTarget(redirectUri: string): Promise<DeskTarget> {
  return joinedTarget(redirectUri) ?? ownDeskTarget(redirectUri)
}

export interface JoinedTarget extends DeskTarget {
  /** The client that proves itself with a secret. */
  readonly secretClient: SecretClient
}

/** On the desk that runs, with whatever is broken there. Its app may be redirected to the address that is the default. */
export function joinedTarget(redirectUri: string = COMMAND_REDIRECT_URI): JoinedTarget | undefined {
  const joined = joinDesk()
  if (joined === undefined) return undefined
  const config = readConfig(joined.env)
  return {
    where: `On the desk that runs, at ${joined.appOrigin}.`,
    config: redirectedTo(redirectUri, config),
    identity: new ManagedIdentityCredential({ clientId: config.managedIdentityClientId ?? '' }),
    hasTable: true,
    signInAs: (givenName, authorizationUrl) => signInAs({ people: cast }, givenName, authorizationUrl),
    secretClient: joined.secretClient,
    close: async () => undefined,
  }
}

/** `desk` is for whoever wants to break it. */
export async function ownDeskTarget(redirectUri: string): Promise<DeskTarget & { readonly desk: Desk }> {
  const { desk, credential, close } = await openClientDesk('http://localhost:7071')
  const { entra, registration, settings } = desk
  entra.registerApplication({ ...registration, redirectUris: [...registration.redirectUris, redirectUri] })
  return {
    desk,
    where: 'No desk runs, so this is one of its own.',
    config: redirectedTo(redirectUri, readConfig(settings)),
    identity: credential,
    // No app runs here that would have written anything.
    hasTable: false,
    signInAs: (givenName, authorizationUrl) => signInAs(entra, givenName, authorizationUrl),
    close,
  }
}
