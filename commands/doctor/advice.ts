/**
 * What Entra's numbers mean for us and what to do about each. For people only: Microsoft changes numbers as it likes, so no
 * verdict rests on one, and a number that is not here costs nothing but this sentence.
 */
import type { Commands, NamedCertificate } from './commands.ts'

/** What a fix may have to name. */
export interface AdviceFacts {
  readonly clientId: string
  readonly commands: Commands
  /** The certificate that signed, where it is in a vault. */
  readonly certificate?: NamedCertificate
  /** Path of the file that it is in, where it is in none. */
  readonly file?: string
  /** The federated credential that the registration should have. */
  readonly federation?: { readonly issuer: string; readonly subject: string; readonly audience: string }
}

export interface Advice {
  readonly meaning: string
  readonly fix: (facts: AdviceFacts) => string
}

const register = ({ commands, clientId, certificate, file }: AdviceFacts): string => {
  if (certificate !== undefined) return commands.registerCertificate(clientId, certificate)
  return file === undefined
    ? commands.portal(clientId, 'Certificates & secrets')
    : commands.registerFile(clientId, file)
}
const renew = ({ commands, clientId, certificate }: AdviceFacts): string =>
  certificate === undefined
    ? commands.portal(clientId, 'Certificates & secrets')
    : commands.renewCertificate(clientId, certificate)
const federate = ({ commands, clientId, federation }: AdviceFacts): string =>
  federation === undefined
    ? commands.listFederatedCredentials(clientId)
    : commands.addFederatedCredential(clientId, federation)
const setTenant = ({ commands }: AdviceFacts): string =>
  commands.setSettings(['ENTRA_TENANT_ID', 'ENTRA_AUTHORITY_HOST'])
const setClient = ({ commands }: AdviceFacts): string => commands.setSettings(['ENTRA_CLIENT_ID'])
const compareApplication = ({ commands, clientId }: AdviceFacts): string => commands.showApplication(clientId)
const syncClock = (): string => 'sudo timedatectl set-ntp true'
const again = (): string => 'npm run doctor'

/** By AADSTS number. */
export const ADVICE: ReadonlyMap<number, Advice> = new Map([
  [
    700027,
    { meaning: 'No certificate with this thumbprint is registered on the application.', fix: register },
  ],
  [
    7000274,
    {
      meaning: 'The signature is not that of the certificate registered under this thumbprint.',
      fix: register,
    },
  ],
  [
    50012,
    {
      meaning: 'Entra could not match the certificate with one registered on the application.',
      fix: register,
    },
  ],
  [700024, { meaning: 'By Entra’s clock the assertion is too old or not valid yet.', fix: syncClock }],
  [700023, { meaning: 'The assertion is addressed to another cloud or tenant.', fix: setTenant }],
  [700021, { meaning: 'The assertion names another client than the request.', fix: setClient }],
  [50048, { meaning: 'Issuer and subject of the assertion differ.', fix: setClient }],
  [50027, { meaning: 'Entra cannot read the assertion: something rewrote it on its way.', fix: again }],
  [5002730, { meaning: 'The registered certificate has no RSA key, which PS256 needs.', fix: renew }],
  [700016, { meaning: 'This tenant has no application with this client id.', fix: compareApplication }],
  [
    7000229,
    {
      meaning: 'The application has no service principal in this tenant.',
      fix: ({ commands, clientId }) => commands.createPrincipal(clientId),
    },
  ],
  [
    7000112,
    {
      meaning: 'The application is disabled.',
      fix: ({ commands, clientId }) => commands.enablePrincipal(clientId),
    },
  ],
  [
    700025,
    {
      meaning: 'The application is registered as a public client, which may not prove itself.',
      fix: ({ commands, clientId }) =>
        commands.updateApplication(clientId, '--is-fallback-public-client false'),
    },
  ],
  [1000502, { meaning: 'The certificate is outside its validity period.', fix: renew }],
  [7000214, { meaning: 'The certificate was revoked.', fix: renew }],
  [7000277, { meaning: 'The certificate was revoked.', fix: renew }],
  [
    700211,
    { meaning: 'No federated credential of the application has the issuer of this identity.', fix: federate },
  ],
  [
    700212,
    { meaning: 'No federated credential of the application has the audience of this cloud.', fix: federate },
  ],
  [700213, { meaning: 'No federated credential of the application is for this identity.', fix: federate }],
  [
    50194,
    {
      meaning: 'The application admits one tenant only, while the settings name several.',
      fix: ({ commands, clientId }) =>
        commands.updateApplication(clientId, '--sign-in-audience AzureADMultipleOrgs'),
    },
  ],
  [9001023, { meaning: 'A token without a person needs one tenant in the address.', fix: setTenant }],
  [90002, { meaning: 'There is no such tenant at this sign-in host.', fix: setTenant }],
  [
    500011,
    {
      meaning: 'The application has no service principal in this tenant.',
      fix: ({ commands, clientId }) => commands.createPrincipal(clientId),
    },
  ],
  [
    50011,
    {
      meaning: 'This redirect URI is not registered.',
      fix: ({ commands, clientId }) => commands.portal(clientId, 'Authentication'),
    },
  ],
  [
    53003,
    {
      meaning: 'A Conditional Access policy for workload identities blocks the application.',
      fix: () => 'Entra admin center > Protection > Conditional Access > Policies',
    },
  ],
  [90055, { meaning: 'Entra throttles the tenant: nothing to repair.', fix: again }],
  [50196, { meaning: 'Entra saw the same request too often: nothing to repair.', fix: again }],
])

/** AADSTS numbers in a text of Entra's, each once. */
export function numbersIn(text: string): number[] {
  return [...new Set([...text.matchAll(/AADSTS(\d{4,8})/g)].map(([, digits]) => Number(digits)))]
}

/** The first of these numbers that there is advice for. */
export function adviceFor(numbers: readonly number[]): Advice | undefined {
  return numbers.map((number) => ADVICE.get(number)).find((advice) => advice !== undefined)
}
