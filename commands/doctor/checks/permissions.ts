/**
 * Whether the sign-in client can act without any person. Application permissions under the client that signs people in would turn
 * every assertion it can have signed into access to everybody's data: the two are kept under two clients.
 */
import { decodeJwt } from 'jose'
import { type Check, fail, pass } from '../check.ts'
import type { Trial } from '../examination.ts'

export const permissions: Check = {
  id: 'permissions',
  title: 'The sign-in client holds no application permission',
  method:
    'Looks for `roles` in the token of the trial, and in one for Microsoft Graph. Application permissions belong to a client of their own (`APP_ONLY_CLIENT_ID`): paired with sign-in, one assertion would be enough to act without any person.',
  needs: ['assertion'],
  async examine({ signIn, commands, metadata }) {
    const { clientId } = signIn
    const { graphResource } = await metadata()
    const own = rolesIn(await signIn.trial(clientId))
    const graph = rolesIn(await signIn.trial(graphResource))
    const roles = [...(own ?? []), ...(graph ?? [])]
    if (roles.length > 0) {
      return fail(
        `Client ${clientId} signs people in and holds application permissions too (${roles.join(', ')}): whoever has one assertion of it can act without any person.`,
        `${commands.portal(clientId, 'API permissions')}: remove those of type Application, and give them to a client of their own (APP_ONLY_CLIENT_ID).`,
      )
    }
    const seen = [own && 'its own API', graph && 'Microsoft Graph'].filter(Boolean).join(', none for ')
    return pass(
      `None for ${seen}.`,
      `Permissions on other APIs are visible only here: ${commands.portal(clientId, 'API permissions')}`,
    )
  },
}

/** Roles in a trial token; undefined where there is no token, or none that can be read. */
function rolesIn(trial: Trial): readonly string[] | undefined {
  if ('fault' in trial) return undefined
  try {
    const { roles = [] } = decodeJwt<{ roles?: unknown }>(trial.token)
    return Array.isArray(roles) ? roles.map(String) : []
  } catch {
    return undefined
  }
}
