import type { EntraRequest } from '../../entra/requestLog.ts'
import { explainAll } from '../explain.ts'
import type { Step } from '../step.ts'
import { authorizeStep } from './authorizeStep.ts'
import { fieldText } from './fieldText.ts'
import { personStep } from './personStep.ts'
import { tokenStep } from './tokenStep.ts'

/** Any request that reached the Entra look-alike. */
export function entraStep(request: EntraRequest): Step {
  const common = {
    call: `${request.method} ${request.path}`,
    atMs: request.at,
    status: request.status,
    groups: [],
  }
  switch (request.kind) {
    case 'authorize':
      return authorizeStep(request)
    case 'sign-in':
      return personStep(request)
    case 'token':
      return tokenStep(request)
    case 'metadata':
      return {
        ...common,
        from: 'app',
        to: 'entra',
        title: 'The app reads Entra’s metadata',
        purpose:
          'Names issuer, endpoints and keys. The app computed the same addresses from its settings and accepts no others; kept for hours.',
        spec: 'OpenID Connect Discovery §4',
      }
    case 'keys':
      return {
        ...common,
        from: 'app',
        to: 'entra',
        title: 'The app fetches Entra’s public keys',
        purpose:
          'The ID token’s signature is verified with one of them before a word of it is believed; kept for hours.',
        spec: 'OIDC Core §3.1.3.7 (6), §10.1.1',
      }
    case 'logout':
      return logoutStep(request)
    case 'graph':
      return {
        ...common,
        from: 'app',
        to: 'entra',
        title: 'The app looks after its own keys in the directory',
        purpose:
          'Microsoft Graph: which certificates are registered, and a new one added or an old one removed. No part of any sign-in.',
        spec: 'Microsoft Graph v1.0, application',
      }
    case 'other':
      return {
        ...common,
        from: 'browser',
        to: 'entra',
        title: 'Something that Entra does not have',
        purpose: 'No part of any sign-in.',
        spec: '',
      }
  }
}

function logoutStep(request: EntraRequest): Step {
  const { details } = request
  const people = fieldText('', details.signedOut ?? [])
  const told = Array.isArray(details.frontChannel) ? details.frontChannel.map(String) : []
  return {
    from: 'browser',
    to: 'entra',
    title: people === '' ? 'Somebody signs out at Entra' : `${people} signs out at Entra`,
    call: `${request.method} ${request.path}`,
    atMs: request.at,
    status: request.status,
    purpose:
      'The app has ended its own session already; now Entra ends its one, or the next sign-in would ask nobody.',
    spec: 'RP-Initiated Logout §2',
    groups: explainAll('Logout request', 'logout request', [
      ['post_logout_redirect_uri', fieldText('', details.postLogoutRedirectUri ?? 'absent')],
      ['logout_hint', details.hasLogoutHint === true ? undefined : 'absent'],
      // The address holds the sid, which ends sessions.
      ...told.map((url): [string, string] => ['front channel', withoutQuery(url)]),
    ]),
  }
}

function withoutQuery(url: string): string {
  const [address] = url.split('?')
  return `${address}?sid=…`
}

/** The redirect URI that an authorization request named. */
export function redirectUriOf({ details }: EntraRequest): string | undefined {
  return typeof details.redirect_uri === 'string' ? details.redirect_uri : undefined
}
