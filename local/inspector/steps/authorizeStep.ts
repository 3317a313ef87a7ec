import type { Detail, EntraRequest } from '../../entra/requestLog.ts'
import { explain, explainAll } from '../explain.ts'
import type { FieldGroup, Step } from '../step.ts'
import { fieldText } from './fieldText.ts'

/** The browser comes to Entra with the app's request. */
export function authorizeStep(request: EntraRequest): Step {
  const { details } = request
  const present = (isThere: Detail): undefined | string => (isThere === true ? undefined : 'absent')
  const asked: [string, Detail | undefined][] = [
    ['client_id', details.clientId],
    ['response_type', details.response_type],
    ['response_mode', details.response_mode ?? 'absent: query'],
    ['redirect_uri', details.redirect_uri],
    ['scope', details.scope],
    ['state', present(details.hasState)],
    ['nonce', present(details.hasNonce)],
    ['code_challenge', details.codeChallengeMethod === undefined ? 'absent' : details.codeChallenge],
    ['code_challenge_method', details.codeChallengeMethod ?? 'absent'],
  ]
  const optional: [string, Detail | undefined][] = [
    ...['prompt', 'domain_hint', 'claims'].flatMap((name): [string, Detail][] =>
      details[name] === undefined ? [] : [[name, details[name]]],
    ),
    ...(details.hasLoginHint === true ? [['login_hint', undefined] as [string, undefined]] : []),
  ]
  const fields = [...asked, ...optional].map(([name, value]) =>
    explain('authorization request', name, value === undefined ? undefined : fieldText(name, value)),
  )
  return {
    from: 'browser',
    to: 'entra',
    title: 'The browser brings the app’s request to Entra',
    call: `${request.method} ${request.path}`,
    atMs: request.at,
    status: request.status,
    purpose: purposeOf(request),
    spec: 'OIDC Core §3.1.2',
    groups: [{ heading: 'Authorization request', fields }, ...responseGroups(request)],
  }
}

/** What Entra gives the browser to carry back: a code, an error, or nothing yet. */
export function responseGroups({ details }: EntraRequest, hasState = details.hasState): FieldGroup[] {
  const heading = 'Authorization response'
  const state: [string, undefined][] = hasState === false ? [] : [['state', undefined]]
  if (details.outcome === 'code') {
    return explainAll(heading, 'authorization response', [
      ['code', undefined],
      ...state,
      ['session_state', undefined],
      ['iss', 'absent'],
    ])
  }
  if (details.outcome !== 'refused') return []
  const code = details.code === undefined ? '' : ` (AADSTS${fieldText('', details.code)})`
  return explainAll(heading, 'authorization response', [
    ['error', `${fieldText('', details.error)}${code}`],
    ...state,
  ])
}

function purposeOf({ details }: EntraRequest): string {
  switch (details.outcome) {
    case 'code':
      return `Entra knows this browser already and asks nobody: ${fieldText('', details.person)} is signed in.`
    case 'refused':
      return `Entra refuses: ${fieldText('', details.reason ?? details.error)}`
    case 'error page':
      return `Entra cannot tell where an answer may go, and says so on a page of its own: ${fieldText('', details.reason)}`
    case 'consent page':
      return 'Entra asks the person to agree to what the app wants.'
    default:
      return 'Nothing here is secret and nothing is proven yet: anyone could have written it. It binds the answer to one browser, one address and one secret that the app keeps.'
  }
}
