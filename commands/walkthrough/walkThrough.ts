/** The walkthrough itself: one sign-in by hand, each step shown with what it is for. */

import { base64url } from '../../lib/base/crypto.ts'
import { settingsOf } from '../../lib/config/credentials.ts'
import { createCertificateCredential } from '../../lib/credential/certificateCredential.ts'
import type { ClientAssertion } from '../../lib/credential/clientCredential.ts'
import { authorizationUrl, type BoundValues } from '../../lib/entra/authorizationRequest.ts'
import { commandEffects } from '../commandEffects.ts'
import { assertionRows, signatureRow } from './assertionRows.ts'
import { readAuthorizationAnswer } from './authorizationAnswer.ts'
import { type Asked, nextStep } from './nextStep.ts'
import { showAppAnswer, showUserAnswer } from './showAnswer.ts'
import { signingChoice } from './signingChoice.ts'
import type { Target } from './target.ts'
import { memberRows, postForm, type TokenAnswer, tokenForm } from './tokenRequest.ts'
import type { Row, Transcript } from './transcript.ts'

interface Walk {
  readonly target: Target
  readonly transcript: Transcript
  /** What the browser was sent back with, or undefined when nobody will say. */
  readonly askForAnswer: (authorizationUrl: string) => Promise<string | undefined>
  readonly clientCredentials: boolean
}

/** True when every step succeeded. Throws `vault/*`, `identity/*`, `entra/unavailable` and `entra/malformed_response`. */
export async function walkThrough({
  target,
  transcript,
  askForAnswer,
  clientCredentials,
}: Walk): Promise<boolean> {
  const { config } = target
  const bound = newBoundValues()
  const url = requestUrl(target, bound)
  transcript.step('Ask for a code')
  transcript.table(requestRows(new URL(url).searchParams))
  transcript.say('Sign in at this address:')
  transcript.copyable(url)
  const copied = await askForAnswer(url)
  const code = readCode(copied, bound, transcript)
  if (code === undefined) return false

  const { clientId } = config
  const { token: tokenEndpoint } = config.entra
  const { assertion, why } = await signAssertion(target)
  transcript.step('Sign an assertion in the vault')
  transcript.say(
    `The private key lies in the vault and stays there. The vault got 32 bytes, the digest, and gave back a signature by ${assertion.proof.keyId}.`,
  )
  transcript.say(why)
  transcript.table([
    ...assertionRows(assertion, clientId, tokenEndpoint),
    signatureRow(assertion, transcript),
  ])

  transcript.step('Redeem the code')
  const form = tokenForm(clientId, assertion.jws, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: config.app.redirectUri,
    code_verifier: bound.codeVerifier,
  })
  const answer = await post(tokenEndpoint, form, 'code', transcript)
  if (answer === undefined) return false
  const isBelieved = await showUserAnswer({ config, transcript, answer, nonce: bound.nonce })
  if (!clientCredentials) return isBelieved

  transcript.step('The same assertion, without anybody')
  transcript.say(
    'Byte for byte the assertion of step 2: nothing in it says what it is used for. Client credentials (RFC 6749 section 4.4) ask for access as the app itself.',
  )
  const grant = { grant_type: 'client_credentials', scope: `api://${clientId}/.default` }
  const asApp = await post(
    tokenEndpoint,
    tokenForm(clientId, assertion.jws, grant),
    'client credentials',
    transcript,
  )
  if (asApp === undefined) return false
  showAppAnswer({ transcript, answer: asApp })
  return isBelieved
}

function newBoundValues(): BoundValues {
  const random = (): string => base64url.encode(commandEffects.random(32))
  return { state: random(), nonce: random(), codeVerifier: random() }
}

/** The app's own request, but answered in the address, where a person can copy it. */
function requestUrl({ config }: Target, bound: BoundValues): string {
  const url = new URL(authorizationUrl(config, bound, {}))
  url.searchParams.set('response_mode', 'query')
  return url.href
}

function requestRows(parameters: URLSearchParams): Row[] {
  const remarks: ReadonlyMap<string, string> = new Map([
    [
      'response_mode',
      'in the address, for people to copy; the app asks for form_post, which leaves no trace there',
    ],
    ['redirect_uri', 'one of those registered with the app'],
    ['scope', 'who signed in (openid, profile), a refresh token (offline_access), and an API'],
    ['state', 'comes back with the code: proof that the answer is to this request'],
    [
      'nonce',
      'comes back in the ID token: proof that the token is for this request (OpenID Connect Core 3.1.2.1)',
    ],
    [
      'code_challenge',
      'the SHA-256 of a secret that only we have (RFC 7636): a stolen code is worth nothing',
    ],
    ['claims', 'what we can do: with cp1 an API may ask for more than a token has, or for a newer one'],
  ])
  return Array.from(parameters, ([name, value]) => ({ name, value, remark: remarks.get(name) }))
}

function readCode(copied: string | undefined, { state }: BoundValues, transcript: Transcript) {
  const answer = copied === undefined ? { kind: 'nothing' as const } : readAuthorizationAnswer(copied, state)
  switch (answer.kind) {
    case 'code':
      transcript.say(
        answer.isStateShown
          ? `Entra sent the browser back with the code ${transcript.secret(answer.code)}, and our state.`
          : `The code is ${transcript.secret(answer.code)}. Without the rest of the address its state could not be compared.`,
      )
      return answer.code
    case 'refusal':
      showRefusal(answer.error, answer.description, 'authorization', transcript)
      return undefined
    case 'foreign':
      transcript.warn('This address answers another request: its state is not ours. Nothing was redeemed.')
      return undefined
    case 'nothing':
      transcript.warn(
        'There was no code, so nothing was redeemed. Run the walkthrough again when you have one.',
      )
      return undefined
  }
}

/** Made anew by every run: nothing is kept from the last one. `why`: a sentence on which version signed it. */
async function signAssertion(
  target: Target,
): Promise<{ readonly assertion: ClientAssertion; readonly why: string }> {
  const { config, identity } = target
  const { clientId, credentials, entra } = config
  const source = settingsOf(credentials, 'vault')
  if (source === undefined) throw new TypeError('a target has a certificate')
  const effects = { ...commandEffects, log: () => undefined }
  const { vault } = source
  const { nameVersions, why } = await signingChoice(target, effects)
  const credential = createCertificateCredential({ clientId, vault, identity, nameVersions, effects })
  const assertion = await credential.assertionFor(entra.token)
  return { assertion, why: why(assertion.proof.certificate?.version ?? '') }
}

async function post(
  tokenEndpoint: string,
  form: URLSearchParams,
  asked: Asked,
  transcript: Transcript,
): Promise<TokenAnswer | undefined> {
  transcript.copyable(`POST ${tokenEndpoint}`)
  transcript.table(memberRows(form, transcript))
  const answer = await postForm(tokenEndpoint, form)
  transcript.step('The answer')
  transcript.say(`HTTP ${answer.status}`)
  if (answer.status === 200) {
    transcript.table(memberRows(Object.entries(answer.body), transcript))
    return answer
  }
  const { error, error_description: description = '' } = answer.body
  showRefusal(String(error), String(description), asked, transcript)
  return undefined
}

function showRefusal(error: string, description: string, asked: Asked, transcript: Transcript): void {
  transcript.warn(`Entra refused: ${error}`)
  if (description !== '') transcript.copyable(description)
  transcript.say(`Next step: ${nextStep(error, description, asked)}`)
}
