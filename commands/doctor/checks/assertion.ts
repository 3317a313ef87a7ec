/** Whether Entra accepts what a source of the credential gives: a real token request, as the app itself makes them. */

import type { AppError } from '../../../lib/errors/appError.ts'
import { STORAGE_SCOPE } from '../../../lib/session/tableCalls.ts'
import { type AdviceFacts, adviceFor, numbersIn } from '../advice.ts'
import { type Finding, fail, pass, unknown } from '../check.ts'
import type { Examination, ExaminedClient, ExaminedSource, Trial } from '../examination.ts'
import { isSourceFault, localCertificateNote, sourceFinding } from './sourceFault.ts'

export async function examineAssertion(
  client: ExaminedClient,
  source: ExaminedSource,
  examination: Examination,
): Promise<Finding> {
  const { config, commands } = examination
  const { clientId } = client
  if (!mayPresent(source, examination)) {
    return unknown(
      'Only the app can present its managed identity: nobody else may try it.',
      `${config.app.origin}${config.app.paths.login}: whoever can sign in there has proven it. Else compare: ${commands.listFederatedCredentials(clientId)}`,
    )
  }
  const decisive = await decisiveTrial(client, source, examination)
  if ('fault' in decisive) {
    return isSourceFault(decisive.fault)
      ? sourceFinding(decisive.fault, client, source, examination)
      : refusal(decisive.fault, client, source, examination)
  }
  const note = await localCertificateNote(source, examination)
  return pass(`Entra accepted client ${clientId} with ${proofOf(source)}.`, note)
}

/** Only the app's identity stands in for a certificate: whoever else asks would learn nothing. */
export function mayPresent({ kind }: ExaminedSource, { identity }: Examination): boolean {
  return kind !== 'managed-identity' || identity.isApp
}

/** The trial that says whether the client is who it says. */
export async function decisiveTrial(
  { clientId }: ExaminedClient,
  source: ExaminedSource,
  { metadata }: Examination,
): Promise<Trial> {
  const own = await source.trial(clientId)
  // What keeps an application from its own API, such as a required assignment, says nothing about how it proves itself.
  return 'token' in own || isAboutClient(own.fault) || isSourceFault(own.fault)
    ? own
    : source.trial((await metadata()).graphResource)
}

/** Its proof was refused, or the tenant does not know it (RFC 6749 section 5.2: `invalid_client`, `unauthorized_client`). */
export function isAboutClient({ code, context: { detail = '' } }: AppError): boolean {
  return code === 'entra/client_rejected' || detail.startsWith('unauthorized_client')
}

async function refusal(
  fault: AppError,
  client: ExaminedClient,
  source: ExaminedSource,
  examination: Examination,
): Promise<Finding> {
  const { commands } = examination
  const { clientId, tokenEndpoint } = client
  const detail = fault.context.detail ?? fault.code
  if (!/^entra\/(client|request|grant)_rejected$|^entra\/no_access$/.test(fault.code))
    return unknown(`${tokenEndpoint} gave no proper answer (${detail}).`, 'npm run doctor')

  const numbers = numbersIn(detail)
  const [number] = numbers
  const advice = adviceFor(numbers)
  const said = [detail.split(' ')[0], ...numbers.map((each) => `AADSTS${each}`)].join(', ')
  const seen = `Entra refused client ${clientId} with ${proofOf(source)} (${said}).`
  const lookUp =
    number === undefined
      ? commands.portal(clientId, 'Certificates & secrets')
      : `https://login.microsoftonline.com/error?code=${number}`
  const judge = isAboutClient(fault) ? fail : unknown
  return advice === undefined
    ? judge(seen, lookUp)
    : judge(`${seen} ${advice.meaning}`, advice.fix(await factsOf(client, source, examination)))
}

const CERTIFICATE_OF = {
  vault: 'the certificate',
  tpm: 'the certificate of the key in the TPM',
  pem: 'the certificate in PEM_FILE',
} as const

/** How the client proved itself; SHA-1 is what the portal lists a certificate under. */
function proofOf(source: ExaminedSource): string {
  const certificate = source.proof()?.certificate
  if (source.kind === 'managed-identity' || certificate === undefined)
    return 'the token of its managed identity'
  const { thumbprintS256, thumbprintSha1 } = certificate
  return `an assertion by ${CERTIFICATE_OF[source.kind]} with thumbprint ${thumbprintS256} (SHA-1 ${thumbprintSha1})`
}

async function factsOf(
  { clientId, certificate }: ExaminedClient,
  { settings, proof }: ExaminedSource,
  { commands, config, principal }: Examination,
): Promise<AdviceFacts> {
  const facts = { clientId, commands }
  switch (settings.kind) {
    case 'vault': {
      const version = proof()?.certificate?.version
      return certificate === undefined ? facts : { ...facts, certificate: certificate.named(version) }
    }
    case 'tpm':
      return { ...facts, file: settings.tpm.certificateFile }
    case 'pem':
      return { ...facts, file: settings.file }
    case 'managed-identity': {
      const { objectId: subject } = await principal(STORAGE_SCOPE)
      // The identity's tokens come from the tenant at the sign-in host, whatever issuer people's have.
      const issuer = `${config.entra.origin}/${config.allowedTenants[0] ?? ''}/v2.0`
      return { ...facts, federation: { issuer, subject, audience: settings.audience } }
    }
  }
}
