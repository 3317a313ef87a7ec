/** The tokens of an answer, taken apart: verified where that is ours to do, and explained. */
import { decodeJwt } from 'jose'
import type { Config } from '../../lib/config/config.ts'
import { verifyIdToken } from '../../lib/entra/idToken.ts'
import { createProviderKeys, type ProviderKeys } from '../../lib/entra/providerKeys.ts'
import { asAppError } from '../../lib/errors/appError.ts'
import { createGuard } from '../../lib/guard/guard.ts'
import { commandEffects } from '../commandEffects.ts'
import { claimRemarks } from './claimRemarks.ts'
import { claimRows, type TokenAnswer } from './tokenRequest.ts'
import type { Transcript } from './transcript.ts'

interface Shown {
  readonly transcript: Transcript
  readonly answer: TokenAnswer
}

const NO_REMARKS: ReadonlyMap<string, string> = new Map()

/** ID token and access token of a person's sign-in. True where the app would believe the one and an API the other, if it is ours. */
export async function showUserAnswer({
  config,
  transcript,
  answer,
  nonce,
}: Shown & { readonly config: Config; readonly nonce: string }): Promise<boolean> {
  const keys = createProviderKeys(config.entra, { ...commandEffects, log: () => undefined })
  const { id_token: idToken, access_token: accessToken } = answer.body
  const claims = claimsOf(accessToken)
  transcript.step('Who signed in: the ID token')
  const isBelieved = await showIdToken({
    config,
    transcript,
    keys,
    nonce,
    idToken: String(idToken),
    accessToken: String(accessToken),
  })

  transcript.step('How the client proved itself: the access token')
  if (claims === undefined) {
    transcript.say(
      'It is not readable: it is for another API, and what is in it is between that API and Entra.',
    )
    return isBelieved
  }
  const isOurs = claims.aud === config.clientId || claims.aud === `api://${config.clientId}`
  if (!isOurs) {
    transcript.warn(
      `It is for ${claims.aud}, not for us: look, but never let a program read it. For a token of your own API add api://${config.clientId}/access_as_user to ENTRA_SCOPES.`,
    )
  }
  transcript.table(claimRows(claims, claimRemarks(claims)))
  const isLetIn = !isOurs || (await showVerdict(config, keys, String(accessToken), transcript))
  return isBelieved && isLetIn
}

/** The access token of the app itself; a warning where it can do more than prove the point. */
export function showAppAnswer({ transcript, answer }: Shown): void {
  const claims = claimsOf(answer.body.access_token)
  transcript.step('The access token of the app itself')
  if (claims === undefined) {
    transcript.say('It is not readable.')
    return
  }
  transcript.table(claimRows(claims, claimRemarks(claims)))
  if (claims.roles === undefined) {
    transcript.say('It has no roles: without a person this client may do nothing, as it should be.')
    return
  }
  transcript.warn(
    `It has roles (${String(claims.roles)}): this client signs people in and may act without any person. Whoever holds its credential needs nobody to sign in. Give application permissions to a client of their own (APP_ONLY_CLIENT_ID).`,
  )
}

interface ShownIdToken {
  readonly config: Config
  readonly transcript: Transcript
  readonly keys: ProviderKeys
  readonly nonce: string
  readonly idToken: string
  readonly accessToken: string
}

async function showIdToken(shown: ShownIdToken): Promise<boolean> {
  const { config, transcript, keys, nonce, idToken, accessToken } = shown
  const { clientId, allowedTenants, entra } = config
  const { issuerTemplate } = entra
  const rules = { clientId, issuerTemplate, allowedTenants, nonce, accessToken, nowMs: Date.now() }
  const claims = claimsOf(idToken)
  if (claims !== undefined) transcript.table(claimRows(claims, NO_REMARKS))
  try {
    await verifyIdToken(idToken, keys, rules)
    transcript.say(
      'Its signature holds, and every rule of OpenID Connect Core 3.1.3.7, our nonce among them.',
    )
    return true
  } catch (fault) {
    transcript.warn(`The app would not believe it: ${asAppError(fault).message}`)
    return false
  }
}

async function showVerdict(
  { clientId, allowedTenants, entra }: Config,
  keys: ProviderKeys,
  accessToken: string,
  transcript: Transcript,
): Promise<boolean> {
  const guard = createGuard({
    tenants: allowedTenants,
    audiences: [clientId, `api://${clientId}`],
    clients: [clientId],
    scopes: ['access_as_user'],
    authorityHost: entra.origin,
    keys,
  })
  const decision = await guard.judge(`Bearer ${accessToken}`)
  if (decision.kind === 'accepted') {
    transcript.say(
      'An API behind the certificate guard lets it in. With 0 or 1 in that claim it would answer 403.',
    )
  } else {
    transcript.warn(`An API behind the certificate guard refuses it: ${decision.jsonBody.message}`)
  }
  return decision.kind === 'accepted'
}

function claimsOf(token: unknown): Readonly<Record<string, unknown>> | undefined {
  try {
    return decodeJwt(String(token))
  } catch {
    return undefined
  }
}
