import type { Application } from './application.ts'

/** Something a token can be for: Microsoft Graph, or a registered application. */
export type Resource = {
  readonly appId: string
  /** The resource as the scope named it; becomes `aud` in v1 tokens. */
  readonly identifier: string
  /** Permissions that may be delegated. */
  readonly permissions: readonly string[]
  /** Absent for Microsoft Graph. */
  readonly application: Application | undefined
}

/** Microsoft Graph's well-known application id, the same in every tenant. */
export const graphAppId = '00000003-0000-0000-c000-000000000000'

/** What an application needs to read itself and the policies on its keys; to roll those it needs nothing. */
export const ownReadings = ['Application.Read.All', 'Policy.Read.ApplicationConfiguration'] as const

const graphPermissions = [
  'Calendars.Read',
  'Directory.Read.All',
  'Files.Read',
  'Group.Read.All',
  'Mail.Read',
  'Mail.Send',
  'User.Read',
  'User.ReadBasic.All',
]

/** Finds the resource behind an identifier: Graph's URL or id, `api://{clientId}`, or a bare client id. */
export function findResource(
  identifier: string,
  applications: ReadonlyMap<string, Application>,
): Resource | undefined {
  const bare = identifier.replace(/\/$/, '')
  if (bare === 'https://graph.microsoft.com' || bare === graphAppId) {
    return {
      appId: graphAppId,
      identifier: graphAppId,
      permissions: graphPermissions,
      application: undefined,
    }
  }
  const application = applications.get(bare.replace(/^api:\/\//, ''))
  return (
    application && {
      appId: application.clientId,
      identifier: bare,
      permissions: application.scopes,
      application,
    }
  )
}
