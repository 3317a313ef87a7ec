/**
 * Microsoft Graph as an application asks it about itself: which credentials it has, which policies they are under, and to add a key or take
 * one away. For its own keys an application needs no permission, only the proof that it holds one; to read anything it does.
 */
import {
  type FederatedCredential,
  type KeyCredential,
  optional,
  type PasswordCredential,
  readFederatedCredential,
  readKeyCredential,
  readPasswordCredential,
  requireList,
  requireText,
  timeOf,
} from './graphCredentials.ts'
import { type ManagementPolicy, readManagementPolicy } from './graphPolicies.ts'
import { type ProofKey, signProof } from './graphProof.ts'
import { membersOf } from './graphRefusal.ts'
import { createGraphRequest, type GraphAccess } from './graphRequest.ts'

/** An application object, as far as its credentials go. */
export interface GraphApplication {
  /** What Graph calls `id`: `iss` of a proof. */
  readonly objectId: string
  readonly clientId: string
  /** Milliseconds since the epoch. */
  readonly createdAtMs?: number
  readonly keyCredentials: readonly KeyCredential[]
  readonly passwordCredentials: readonly PasswordCredential[]
}

/** What is added. */
export interface NewKey {
  /** DER. */
  readonly certificate: Uint8Array
  /** Shown in the portal; Graph takes 90 characters. */
  readonly displayName?: string
}

/** Every call throws `graph/*`, and what a token request of the application can throw. */
export interface Graph {
  /** The application, by its client id. Needs `Application.Read.All`, or ownership with `Application.ReadWrite.OwnedBy`. */
  application(): Promise<GraphApplication>
  /** Whether somebody deactivated it, as far as one who still gets a token can ask. Needs the same. */
  isDisabled(): Promise<boolean>
  /** Needs the same. */
  federatedCredentials(): Promise<readonly FederatedCredential[]>
  /** Of all applications of the tenant. Needs `Policy.Read.ApplicationConfiguration`. */
  tenantPolicy(): Promise<ManagementPolicy>
  /** The one assigned to this application, which then holds in place of the other. Needs the same, and to read the application. */
  ownPolicy(): Promise<ManagementPolicy | undefined>
  /**
   * Adds a key; `proof` is one that is registered now. Answers with the entry as Graph made it, without what Graph does not show; undefined
   * where it shows nothing, as its documentation has it. Adds a second entry where the certificate is there already.
   */
  addKey(objectId: string, key: NewKey, proof: ProofKey): Promise<Partial<KeyCredential> | undefined>
  /** Takes away the entry that `keyId` names. Graph documents no answer for one that is not there: `graph/not_found` or `graph/request_rejected`. */
  removeKey(objectId: string, keyId: string, proof: ProofKey): Promise<void>
}

export interface GraphOptions extends GraphAccess {
  /** Whose keys these are; `tokens` are its own. */
  readonly clientId: string
}

/** `keyCredentials` show their certificate only where they are selected by name, on a single application. */
const SELECTED = 'id,appId,createdDateTime,keyCredentials,passwordCredentials'

export function createGraph({ clientId, ...access }: GraphOptions): Graph {
  const ask = createGraphRequest(access)
  const { now } = access.effects
  const application = `applications(appId='${clientId}')`

  return {
    async application() {
      return readApplication(await ask({ path: `${application}?$select=${SELECTED}` }))
    },

    async isDisabled() {
      const { isDisabled } = membersOf(await ask({ path: `${application}?$select=id,isDisabled` }))
      return isDisabled === true
    },

    async federatedCredentials() {
      const { value } = membersOf(await ask({ path: `${application}/federatedIdentityCredentials` }))
      return requireList(value, 'federatedIdentityCredentials').map(readFederatedCredential)
    },

    async tenantPolicy() {
      const policy = await ask({ path: 'policies/defaultAppManagementPolicy' })
      return readManagementPolicy(policy, 'applicationRestrictions')
    },

    async ownPolicy() {
      const { value } = membersOf(await ask({ path: `${application}/appManagementPolicies` }))
      // Entra lets one be assigned.
      const [policy] = requireList(value, 'appManagementPolicies')
      return policy === undefined ? undefined : readManagementPolicy(policy, 'restrictions')
    },

    async addKey(objectId, { certificate, displayName }, proof) {
      const keyCredential = {
        type: 'AsymmetricX509Cert',
        usage: 'Verify',
        key: Buffer.from(certificate).toString('base64'),
        ...optional('displayName', displayName),
      }
      const body = { keyCredential, passwordCredential: null, proof: await signProof(proof, objectId, now()) }
      const added = await ask({ path: `${application}/addKey`, body, withProof: true })
      return 'keyId' in membersOf(added) ? readKeyCredential(added) : undefined
    },

    async removeKey(objectId, keyId, proof) {
      const body = { keyId, proof: await signProof(proof, objectId, now()) }
      await ask({ path: `${application}/removeKey`, body, withProof: true })
    },
  }
}

function readApplication(value: unknown): GraphApplication {
  const { id, appId, createdDateTime, keyCredentials, passwordCredentials } = membersOf(value)
  return {
    objectId: requireText(id, 'id'),
    clientId: requireText(appId, 'appId'),
    ...optional('createdAtMs', timeOf(createdDateTime)),
    keyCredentials: requireList(keyCredentials, 'keyCredentials').map(readKeyCredential),
    passwordCredentials: requireList(passwordCredentials, 'passwordCredentials').map(readPasswordCredential),
  }
}
