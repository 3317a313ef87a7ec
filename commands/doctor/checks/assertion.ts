/** Whether Entra accepts what the vault signed: a real token request, as the app itself makes them. */

import { settingsOf } from '../../../lib/config/credentials.ts'
import type { AppError } from '../../../lib/errors/appError.ts'
import { STORAGE_SCOPE } from '../../../lib/session/tableCalls.ts'
import { type AdviceFacts, adviceFor, numbersIn } from '../advice.ts'
import { type Finding, fail, pass, unknown } from '../check.ts'
import type { Examination, ExaminedClient } from '../examination.ts'

export async function examineAssertion(client: ExaminedClient, examination: Examination): Promise<Finding> {
  const { config, identity, commands } = examination
  const { clientId } = client
  if (client.certificate === undefined && !identity.isApp) {
    return unknown(
      'Only the app can present its managed identity: nobody else may try it.',
      `${config.app.origin}${config.app.paths.login}: whoever can sign in there has proven it. Else compare: ${commands.listFederatedCredentials(clientId)}`,
    )
  }
  const own = await client.trial(clientId)
  // What keeps an application from its own API, such as a required assignment, says nothing about how it proves itself.
  const decisive =
    'token' in own || isAboutClient(own.fault)
      ? own
      : await client.trial((await examination.metadata()).graphResource)
  return 'token' in decisive
    ? pass(`Entra accepted client ${clientId} with ${await proofOf(client)}.`)
    : refusal(decisive.fault, client, examination)
}

async function refusal(fault: AppError, client: ExaminedClient, examination: Examination): Promise<Finding> {
  const { commands } = examination
  const { clientId, tokenEndpoint } = client
  const detail = fault.context.detail ?? fault.code
  if (!/^entra\/(client|request|grant)_rejected$|^entra\/no_access$/.test(fault.code))
    return unknown(`${tokenEndpoint} gave no proper answer (${detail}).`, 'npm run doctor')

  const numbers = numbersIn(detail)
  const [number] = numbers
  const advice = adviceFor(numbers)
  const said = [detail.split(' ')[0], ...numbers.map((each) => `AADSTS${each}`)].join(', ')
  const seen = `Entra refused client ${clientId} with ${await proofOf(client)} (${said}).`
  const lookUp =
    number === undefined
      ? commands.portal(clientId, 'Certificates & secrets')
      : `https://login.microsoftonline.com/error?code=${number}`
  const judge = isAboutClient(fault) ? fail : unknown
  return advice === undefined
    ? judge(seen, lookUp)
    : judge(`${seen} ${advice.meaning}`, advice.fix(await factsOf(client, examination)))
}

/** Its proof was refused, or the tenant does not know it (RFC 6749 section 5.2: `invalid_client`, `unauthorized_client`). */
function isAboutClient({ code, context: { detail = '' } }: AppError): boolean {
  return code === 'entra/client_rejected' || detail.startsWith('unauthorized_client')
}

/** How the client proved itself; SHA-1 is what the portal lists a certificate under. */
async function proofOf({ certificate }: ExaminedClient): Promise<string> {
  if (certificate === undefined) return 'the token of its managed identity'
  const { signing, x509 } = await certificate.gather()
  const sha1 = x509.fingerprint.replaceAll(':', '')
  return `an assertion by the certificate with thumbprint ${signing.thumbprintS256} (SHA-1 ${sha1})`
}

async function factsOf(client: ExaminedClient, examination: Examination): Promise<AdviceFacts> {
  const { commands, config, principal } = examination
  const { clientId, certificate } = client
  if (certificate !== undefined) {
    const { signing } = await certificate.gather()
    return { clientId, commands, certificate: certificate.named(signing.version) }
  }
  const federated = settingsOf(config.credentials, 'managed-identity')
  if (federated === undefined) return { clientId, commands }
  const { objectId: subject } = await principal(STORAGE_SCOPE)
  // The identity's tokens come from the tenant at the sign-in host, whatever issuer people's have.
  const issuer = `${config.entra.origin}/${config.allowedTenants[0] ?? ''}/v2.0`
  return { clientId, commands, federation: { issuer, subject, audience: federated.audience } }
}
