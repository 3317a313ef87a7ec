/**
 * Whether the app's addresses are registered. Entra answers a request that forbids any prompt at the redirect URI if it knows it,
 * and shows an error page if it does not: that can be seen without a right in the directory.
 */
import { base64url, sha256 } from '../../../lib/base/crypto.ts'
import { createBoundedFetch } from '../../../lib/entra/boundedFetch.ts'
import { asAppError } from '../../../lib/errors/appError.ts'
import { adviceFor, numbersIn } from '../advice.ts'
import { type Check, fail, pass, unknown } from '../check.ts'
import type { Examination } from '../examination.ts'

const DEADLINE_MS = 10_000

export const redirect: Check = {
  id: 'redirect',
  title: 'The redirect URIs are registered',
  method:
    'Sends an authorization request with `prompt=none` for each: a registered one is answered there, an unregistered one with an error page. The front-channel logout URL cannot be seen so; the finding says where to look.',
  needs: ['metadata'],
  async examine(examination) {
    const { config, commands } = examination
    const { clientId } = config
    const { redirectUri, signedOutUri, frontchannelLogoutUri } = config.app
    const uris = [redirectUri, signedOutUri]
    const answers = await Promise.all(uris.map((uri) => answerTo(uri, examination)))
    const page = commands.portal(clientId, 'Authentication')

    const refused = uris.filter((_, index) => answers[index]?.kind === 'error page')
    if (refused.length > 0) {
      const numbers = [...new Set(answers.flatMap((answer) => answer.numbers))]
      const named = numbers.map((number) => `AADSTS${number}`).join(', ')
      const meaning = adviceFor(numbers)?.meaning ?? ''
      return fail(
        `Entra shows an error page instead of answering at ${refused.join(' and ')} (${named}). ${meaning}`.trim(),
        numbers.includes(50011) ? commands.addRedirectUris(clientId, refused) : page,
      )
    }
    const unclear = uris.filter((_, index) => answers[index]?.kind === 'unclear')
    if (unclear.length > 0)
      return unknown(`Entra’s answer does not tell whether ${unclear.join(' and ')} are registered.`, page)
    return pass(
      `${uris.join(' and ')} are registered.`,
      `The front-channel logout URL is visible only here: ${page}. It must be ${frontchannelLogoutUri}`,
    )
  },
}

interface Answer {
  readonly kind: 'redirect' | 'error page' | 'unclear'
  /** AADSTS numbers on the page. */
  readonly numbers: readonly number[]
}

async function answerTo(redirectUri: string, { config, effects }: Examination): Promise<Answer> {
  const { clientId, entra } = config
  const random = (): string => base64url.encode(effects.random(32))
  const url = new URL(entra.authorization)
  const parameters = {
    client_id: clientId,
    response_type: 'code',
    response_mode: 'query',
    redirect_uri: redirectUri,
    scope: 'openid',
    state: random(),
    nonce: random(),
    code_challenge: base64url.encode(sha256(random())),
    code_challenge_method: 'S256',
    prompt: 'none',
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  try {
    const response = await createBoundedFetch(effects, DEADLINE_MS)(url.href)
    const target = URL.parse(response.headers.get('location') ?? '')
    if (target !== null && `${target.origin}${target.pathname}` === redirectUri)
      return { kind: 'redirect', numbers: [] }
    const numbers = numbersIn(await response.text())
    return { kind: numbers.length > 0 ? 'error page' : 'unclear', numbers }
  } catch (fault) {
    // Anything else than an answer tells nothing about the registration.
    if (asAppError(fault).code === 'bug/unexpected') throw fault
    return { kind: 'unclear', numbers: [] }
  }
}
