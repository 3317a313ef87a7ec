/** An access token of the desk that runs, had as an app has it: by a sign-in, or as the app itself, with an assertion that the vault signed. */
import { base64url } from '../../lib/base/crypto.ts'
import { settingsOf } from '../../lib/config/credentials.ts'
import { authorizationUrl, type BoundValues } from '../../lib/entra/authorizationRequest.ts'
import { AppError } from '../../lib/errors/appError.ts'
import { createAppOnlyClient } from '../../lib/exports/appOnly.ts'
import { createVaultAssertion } from '../../lib/exports/assertion.ts'
import { commandEffects } from '../commandEffects.ts'
import { readAuthorizationAnswer } from '../walkthrough/authorizationAnswer.ts'
import type { DeskTarget } from '../walkthrough/deskTarget.ts'
import { postForm, tokenForm } from '../walkthrough/tokenRequest.ts'
import type { TokenOptions } from './options.ts'

/** Throws `vault/*`, `identity/*`, `entra/*`, and UsageFault for somebody whom the desk does not know. */
export async function deskToken(target: DeskTarget, { as, scope }: TokenOptions): Promise<string> {
  return as === undefined ? tokenOfApp(target, scope) : tokenOfPerson(target, as, scope)
}

async function tokenOfApp({ config, identity }: DeskTarget, scope: string | undefined): Promise<string> {
  const { appOnly, clientId, entra, allowedTenants } = config
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
  return client.tokenFor(scope ?? `api://${clientId}/.default`)
}

async function tokenOfPerson(
  { config, identity, signInAs }: DeskTarget,
  givenName: string,
  scope: string | undefined,
): Promise<string> {
  const { clientId, credentials, entra, app } = config
  const source = settingsOf(credentials, 'vault')
  if (source === undefined) throw new TypeError('a desk has a certificate')
  const bound = newBoundValues()
  const url = new URL(authorizationUrl(config, bound, {}))
  url.searchParams.set('response_mode', 'query')
  url.searchParams.set('scope', `openid ${scope ?? `api://${clientId}/access_as_user`}`)
  const answer = readAuthorizationAnswer(await signInAs(givenName, url.href), bound.state)
  if (answer.kind !== 'code') throw refused(answer.kind === 'refusal' ? answer.description : answer.kind)

  const { url: vaultUrl, certificate } = source.vault
  const assertion = createVaultAssertion({ vaultUrl, certificate, clientId, credential: identity })
  const form = tokenForm(clientId, await assertion.assertionFor(entra.token), {
    grant_type: 'authorization_code',
    code: answer.code,
    redirect_uri: app.redirectUri,
    code_verifier: bound.codeVerifier,
  })
  const { status, body } = await postForm(entra.token, form)
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
