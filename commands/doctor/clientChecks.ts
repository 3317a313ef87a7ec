/** The checks that a client with a certificate goes through: the one that signs people in, and the app-only one where there is one. */
import type { Config } from '../../lib/config/config.ts'
import type { Check, CheckId, ClientCheckId, Finding } from './check.ts'
import { examineAssertion } from './checks/assertion.ts'
import { examineCertificate } from './checks/certificate.ts'
import { examineKey } from './checks/key.ts'
import { examinePolicy } from './checks/policy.ts'
import { examineRotation } from './checks/rotation.ts'
import { examineSignature } from './checks/sign.ts'
import { examineVault } from './checks/vault.ts'
import type { Examination, ExaminedCertificate, ExaminedClient } from './examination.ts'

export interface ClientChoice {
  readonly idOf: (id: ClientCheckId) => CheckId
  /** Follows each title. */
  readonly suffix: string
  readonly clientOf: (examination: Examination) => ExaminedClient | undefined
  /** Whether the settings have the client, and whether it has a certificate. */
  readonly isThere: (config: Config) => boolean
  readonly hasCertificate: (config: Config) => boolean
}

export function clientChecks({ idOf, suffix, clientOf, isThere, hasCertificate }: ClientChoice): {
  readonly certificateChecks: readonly Check[]
  readonly assertion: Check
  /** Those that look beyond the moment, and so rest on table and directory. */
  readonly exchangeChecks: readonly Check[]
} {
  const check = (
    id: Exclude<ClientCheckId, 'assertion'>,
    title: string,
    method: string,
    needs: readonly CheckId[],
    examine: (
      certificate: ExaminedCertificate,
      examination: Examination,
      client: ExaminedClient,
    ) => Promise<Finding>,
  ): Check => ({
    id: idOf(id),
    title: `${title}${suffix}`,
    method,
    needs,
    concerns: hasCertificate,
    async examine(examination) {
      const client = clientOf(examination)
      if (client?.certificate === undefined) throw new TypeError('a client without a certificate')
      return examine(client.certificate, examination, client)
    },
  })

  return {
    certificateChecks: [
      check(
        'vault',
        'The vault answers and the certificate can be read',
        'Reads the certificate, its policy and its versions, and says which version signs and why, and from which address the vault saw this come.',
        ['identity'],
        examineVault,
      ),
      check(
        'sign',
        'The vault signs, and the signature fits the certificate',
        'Has random bytes signed and verifies the signature with the public key of the certificate.',
        [idOf('vault')],
        examineSignature,
      ),
      check(
        'key',
        'The key cannot be exported and is strong enough',
        'Reads policy and key: not exportable, RSA of at least 2048 bits, for signing and verifying only.',
        [idOf('vault')],
        examineKey,
      ),
      check(
        'certificate',
        'The certificate lasts for another month',
        'Counts the days: at least 30, or a newer version that lasts is about to take over.',
        [idOf('vault')],
        examineCertificate,
      ),
    ],
    exchangeChecks: [
      check(
        'rotation',
        'The exchange of the certificate goes on, and nothing is in its way',
        'Reads the row of the exchange, the versions in the vault and the keys of the registration, and where `ROTATION` is `auto` the roles of the app’s identity on the vault: which version signs, which are registered, how long they last, what is next and when, and what keeps it from happening.',
        [idOf('vault'), 'metadata', 'table'],
        examineRotation,
      ),
      check(
        'policy',
        'No policy of the tenant that can be read stands against the certificate',
        'Reads the tenant’s policy on credentials of applications and the application’s own (`Policy.Read.ApplicationConfiguration`), and compares the certificate that signs and those to come: their life, and who issues them. What could not be read is said.',
        [idOf('vault'), 'metadata'],
        examinePolicy,
      ),
    ],
    assertion: {
      id: idOf('assertion'),
      title: `Entra accepts the assertion${suffix}`,
      method:
        'Asks the token endpoint for a token by client credentials, with an assertion made as for a sign-in. The token is looked at by the check `permissions` and then forgotten.',
      needs: ['identity', idOf('sign'), 'metadata'],
      concerns: isThere,
      async examine(examination) {
        const client = clientOf(examination)
        if (client === undefined) throw new TypeError('a client that is not configured')
        return examineAssertion(client, client.main, examination)
      },
    },
  }
}
