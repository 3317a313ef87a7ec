/**
 * An access token of the desk that runs, had as an app has it: by a sign-in, or as the app itself, with an assertion that the vault signed;
 * or as an app has it that should not, with a secret.
 */
import { base64url } from '../../lib/base/crypto.ts'
import { authorizationUrl, type BoundValues } from '../../lib/entra/authorizationRequest.ts'
import { AppError } from '../../lib/errors/appError.ts'
import { createAppOnlyClient } from '../../lib/exports/appOnly.ts'
import { commandEffects } from '../commandEffects.ts'
import { readAuthorizationAnswer } from '../walkthrough/authorizationAnswer.ts'
import type { JoinedTarget } from '../walkthrough/deskTarget.ts'
import { postForm } from '../walkthrough/tokenRequest.ts'
import { type DeskClient, secretClient, signInClient } from './deskClient.ts'
import type { TokenOptions } from './options.ts'

/** Throws `vault/*`, `identity/*`, `entra/*`, and UsageFault for somebody whom the desk does not know. */
export async function deskToken(
  target: JoinedTarget,
  { as, bySecret, scope }: TokenOptions,
): Promise<string> {
  const { clientId } = target.config
  if (as !== undefined) {
    const client = bySecret ? secretClient(target) : signInClient(target)
    return tokenOfPerson(target, client, as, scope ?? `api://${clientId}/access_as_user`)
  }
  const ownScope = scope ?? `api://${clientId}/.default`
  if (!bySecret) return tokenOfApp(target, ownScope)
  return redeem(target, secretClient(target), { grant_type: 'client_credentials', scope: ownScope })
}

async function tokenOfApp({ config, identity }: JoinedTarget, scope: string): Promise<string> {
  const { appOnly, entra, allowedTenants } = config
  const [tenantId] = allowedTenants
  if (appOnly === undefined || tenantId === undefined)
    throw new TypeError('a desk has a second client and one tenant')
  const client = createAppOnlyClient({
    tenantId,
    clientId: appOnly.clientId,
    vaultUrl: appOnly.vault.url,
    certificate: appOnly.vault.certificate,
    authorityHost: entra.origin,
    credential: identity,
  })
  return client.tokenFor(scope)
}

async function tokenOfPerson(
  target: JoinedTarget,
  client: DeskClient,
  givenName: string,
  scope: string,
): Promise<string> {
  const { config, signInAs } = target
  const bound = newBoundValues()
  const url = new URL(authorizationUrl(config, bound, {}))
  url.searchParams.set('client_id', client.clientId)
  url.searchParams.set('response_mode', 'query')
  url.searchParams.set('scope', `openid ${scope}`)
  const answer = readAuthorizationAnswer(await signInAs(givenName, url.href), bound.state)
  if (answer.kind !== 'code') throw refused(answer.kind === 'refusal' ? answer.description : answer.kind)
  return redeem(target, client, {
    grant_type: 'authorization_code',
    code: answer.code,
    redirect_uri: config.app.redirectUri,
    code_verifier: bound.codeVerifier,
  })
}

async function redeem(
  { config }: JoinedTarget,
  client: DeskClient,
  grant: Readonly<Record<string, string>>,
): Promise<string> {
  const { status, body } = await postForm(config.entra.token, await client.prove(grant))
  if (status !== 200) throw refused(String(body.error_description ?? body.error))
  return String(body.access_token)
}

function newBoundValues(): BoundValues {
  const random = (): string => base64url.encode(commandEffects.random(32))
  return { state: random(), nonce: random(), codeVerifier: random() }
}

function refused(detail: string): AppError {
  return new AppError('entra/request_rejected', { detail })
}
