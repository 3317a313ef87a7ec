import { BY_SCRIPT } from '../support/screens.ts'
import type { Reply } from '../support/visitor.ts'
import type { Stage } from './conformanceModule.ts'

/** A call of the API by the front end's script, in the name of who is signed in. */
export function callApi({ world, visitor }: Stage): Promise<Reply> {
  return visitor.ask(`${world.origin}/api/plain/list`, {
    from: world.origin,
    headers: { ...BY_SCRIPT, 'x-csrf': '1' },
  })
}

/** How often the provider was asked for tokens by a refresh token so far. */
export function refreshes({ entra }: Stage): number {
  return entra.log.filter(({ kind, details }) => kind === 'token' && details.grantType === 'refresh_token')
    .length
}
