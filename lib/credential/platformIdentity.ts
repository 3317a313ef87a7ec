/**
 * The identity that the platform gives the app, by its SDK. Named explicitly: a chain of credentials would try whatever else the machine
 * offers. The SDK looks for the endpoint itself.
 */
import { ManagedIdentityCredential, type TokenCredential } from '@azure/identity'

/** The user-assigned one of this client id; without, the system-assigned one. */
export function platformIdentity(clientId: string | undefined): TokenCredential {
  return clientId === undefined
    ? new ManagedIdentityCredential()
    : new ManagedIdentityCredential({ clientId })
}
