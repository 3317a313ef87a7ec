/*
 * The flow inspector: what the stand-ins logged, told as sign-ins. It reads their logs and nothing else, so it can show no
 * more than they keep; the look-alike lends it a path on its port and knows nothing of it.
 */
import type { EntraRequest } from '../entra/requestLog.ts'
import type { RawRequest } from '../entra/wire/listen.ts'
import type { Reply } from '../entra/wire/reply.ts'
import type { Guest } from '../entra/world.ts'
import type { Logs } from './happening.ts'
import { INSPECTOR_PATH, REFRESH_QUERY } from './pages/inspectorPage.ts'
import { overview } from './pages/overview.ts'
import { story, unknownSignIn } from './pages/story.ts'
import { timeline } from './timeline.ts'

interface Desk {
  readonly appOrigin: string
  /** Address of the app's sign-in. */
  readonly loginUrl: string
  readonly entra: { readonly log: readonly EntraRequest[] }
  readonly vault: { readonly requests: Logs['vault'] }
  readonly identity: { readonly requests: Logs['identity'] }
  readonly tables: { readonly requests: Logs['tables'] }
  readonly front: { readonly exchanges: Logs['front'] }
}

/** The inspector of one desk: `/inspect` lists its sign-ins, `/inspect/{id}` tells one; each request reads the logs anew. */
export function createInspector({ appOrigin, loginUrl, entra, vault, identity, tables, front }: Desk): Guest {
  function answer({ method, target }: RawRequest): Reply {
    if (method !== 'GET' && method !== 'HEAD')
      return { status: 405, headers: { allow: 'GET, HEAD' }, body: '' }
    const [path = '', query] = target.split('?')
    const isRefreshing = query === REFRESH_QUERY
    const known = timeline({
      entra: entra.log,
      vault: vault.requests,
      identity: identity.requests,
      tables: tables.requests,
      front: front.exchanges,
    })
    if (path === INSPECTOR_PATH) return overview(known, { appOrigin, loginUrl }, isRefreshing)
    const signIn = known.signIns.find(({ id }) => path === `${INSPECTOR_PATH}/${id}`)
    return signIn === undefined ? unknownSignIn() : story(signIn, isRefreshing)
  }
  return { path: INSPECTOR_PATH, answer }
}
