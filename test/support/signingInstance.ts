/** An instance of the product, as far as signing goes: its own credential, reader and knowledge of the row, before a vault in memory. */
import type { Effects } from '../../lib/base/effects.ts'
import type { ClientAssertion } from '../../lib/credential/clientCredential.ts'
import { createVersionedAssertions } from '../../lib/credential/versionedAssertions.ts'
import { createNameVersions } from '../../lib/rotation/nameVersions.ts'
import type { RowPort } from '../../lib/rotation/ports.ts'
import { createCertificateReader } from '../../lib/vault/certificate.ts'
import type { VersionFacts } from '../../lib/vault/versions.ts'
import { CLIENT } from './configOf.ts'

const TOKEN_ENDPOINT = 'https://login.example/tenant/oauth2/v2.0/token'
export const MODEL_VAULT_URL = 'https://vault.example'

interface SigningInstanceOptions {
  readonly effects: Effects
  readonly rows: Pick<RowPort, 'read'>
  /** Oldest first. */
  readonly versions: readonly VersionFacts[]
  readonly gate: () => Promise<void>
  /** Throws `vault/key_unusable`. */
  readonly requireUsable: (version: string) => unknown
  /** A token request by that version: whether it was accepted. */
  readonly onWork: (version: string) => boolean
}

export function openSigningInstance(options: SigningInstanceOptions) {
  const { effects, rows, versions, gate, requireUsable, onWork } = options
  const bundle = (version: string) => ({
    keyId: `${MODEL_VAULT_URL}/keys/signing/${version}`,
    cer: new TextEncoder().encode(version),
    properties: versions.find((one) => one.version === version) ?? {},
  })
  const credential = createVersionedAssertions({
    clientId: CLIENT,
    effects,
    certificates: createCertificateReader({
      vaultUrl: MODEL_VAULT_URL,
      name: 'signing',
      credential: { getToken: async () => null },
      effects,
      nameVersions: createNameVersions(rows, effects),
      vault: {
        latest: () => gate().then(() => bundle(versions.at(-1)?.version ?? '')),
        version: (version) => gate().then(() => bundle(version)),
        versions: () => gate().then(() => [...versions]),
      },
    }),
    async sign(keyId) {
      await gate()
      requireUsable(keyId.split('/').at(-1) ?? '')
      return Uint8Array.of(1)
    },
  })
  const versionIn = ({ proof }: ClientAssertion): string => proof.certificate?.version ?? ''
  async function isAccepted(assertion: ClientAssertion): Promise<boolean> {
    await gate()
    return onWork(versionIn(assertion))
  }
  return {
    /** A token request with the assertion that is at hand, and one more where that was refused; the version that proved the client, if one did. */
    async work(): Promise<string | undefined> {
      const assertion = await credential.assertionFor(TOKEN_ENDPOINT)
      if (await isAccepted(assertion)) return versionIn(assertion)
      const other = await credential.alternativeTo(assertion, TOKEN_ENDPOINT)
      return other !== undefined && (await isAccepted(other)) ? versionIn(other) : undefined
    },
  }
}
