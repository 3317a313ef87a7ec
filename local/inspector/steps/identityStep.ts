import type { RequestRecord } from '../../requestRecord.ts'
import type { Step } from '../step.ts'

/** The app asks its platform for a token of its managed identity. */
export function identityStep(request: RequestRecord<'token'>): Step {
  const resource = request.detail ?? '(none)'
  const fault = request.fault === undefined ? '' : ` A fault was switched on here: ${request.fault}.`
  return {
    from: 'app',
    to: 'identity',
    title: `The platform vouches for the app${FOR.get(resource) ?? ''}`,
    call: `${request.method} ${request.path}`,
    atMs: request.at,
    status: request.status,
    purpose: `Azure knows which app is running and issues a token of its managed identity. That is why the app needs no secret for its own services; kept for hours.${fault}`,
    spec: 'App Service: managed identities, REST endpoint',
    groups: [
      {
        heading: 'Token request',
        fields: [
          {
            name: 'resource',
            value: resource,
            meaning: 'Where the token opens a door: there, and nowhere else.',
            spec: 'App Service: managed identities',
          },
          {
            name: 'X-IDENTITY-HEADER',
            value: undefined,
            meaning: 'A value that only this process has: other servers cannot be tricked into asking.',
            spec: 'App Service: managed identities',
          },
        ],
      },
    ],
  }
}

const FOR: ReadonlyMap<string, string> = new Map([
  ['https://vault.azure.net', ' to the vault'],
  ['https://storage.azure.com', ' to the tables'],
  ['https://storage.azure.com/', ' to the tables'],
])
