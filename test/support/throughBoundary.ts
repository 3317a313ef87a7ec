/** Requests through the boundary of the platform, with handlers of the test's own. */
import type { HttpRequest, HttpResponse, InvocationContext } from '@azure/functions'
import type { App } from '../../lib/app.ts'
import { serve } from '../../lib/http/boundary.ts'
import type { Reply } from '../../lib/http/reply.ts'
import type { Handle, Method } from '../../lib/http/route.ts'
import { configOf } from './configOf.ts'
import { heldEffects } from './heldEffects.ts'
import { platformRequest } from './signetRequestOf.ts'

export interface Asked {
  readonly method?: string
  readonly target?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly methods?: readonly Method[]
}

/** One request through the boundary, with a handler of the test's own. */
export async function ask(handle: Handle, { methods = ['GET', 'HEAD', 'POST'], ...shape }: Asked = {}) {
  const effects = heldEffects()
  const app = { config: configOf(), effects } as unknown as App
  const handler = serve(() => app, { name: 'test', methods, handle })
  const request = platformRequest(shape) as unknown as HttpRequest
  const response = (await handler(request, {} as InvocationContext)) as HttpResponse
  const { status, cookies } = response
  const body = response.body === null ? undefined : Buffer.from(await response.arrayBuffer()).toString()
  return {
    reply: { status, cookies, ...(body === undefined ? {} : { body }) },
    headers: Object.fromEntries(response.headers),
    logs: effects.logs,
  }
}

/** A handler that replies so. */
export const replying =
  (reply: Reply): Handle =>
  async () =>
    reply
/** A handler that throws this. */
export const throwing =
  (thrown: unknown): Handle =>
  async () => {
    throw thrown
  }
