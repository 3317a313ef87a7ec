import { createGraph, type Graph } from '../../lib/entra/graph.ts'
import { heldEffects } from './heldEffects.ts'

export const GRAPH_CLIENT = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'
export const GRAPH_OBJECT = 'ffffffff-bbbb-4ccc-8ddd-eeeeeeeeeeee'

export interface GraphRequestSeen {
  readonly method: string
  readonly url: string
  readonly authorization: string | null
  readonly body: unknown
}

type Answer = () => Response | Promise<Response>

/** A Graph client before scripted answers, the last of which is given again; tokens are counted, and what it asked is kept. */
export function openGraph(...answers: readonly Answer[]) {
  const asked: GraphRequestSeen[] = []
  const scopes: string[] = []
  const effects = heldEffects({
    fetch: async (url, init) => {
      const headers = new Headers(init?.headers)
      asked.push({
        method: init?.method ?? 'GET',
        url: String(url),
        authorization: headers.get('authorization'),
        body: init?.body === undefined ? undefined : JSON.parse(String(init.body)),
      })
      const answer = answers[Math.min(asked.length, answers.length) - 1]
      if (answer === undefined) throw new TypeError('there is no network here')
      return answer()
    },
  })
  let successor: string | undefined = 'token 2'
  const graph: Graph = createGraph({
    clientId: GRAPH_CLIENT,
    origin: 'https://graph.example',
    effects,
    tokens: {
      async tokenFor(scope) {
        scopes.push(scope)
        return 'token 1'
      },
      replace: async () => successor,
    },
  })
  const withoutSuccessor = (): void => {
    successor = undefined
  }
  return { graph, asked, scopes, effects, withoutSuccessor }
}

/** An answer of Graph. */
export const answered =
  (status: number, body?: unknown, headers: Record<string, string> = {}) =>
  (): Response =>
    new Response(body === undefined ? null : JSON.stringify(body), { status, headers })

/** A refusal as Graph words it. */
export const refused = (status: number, code: string, details: readonly string[] = []) =>
  answered(
    status,
    {
      error: {
        code,
        message: 'Somebody at contoso.com may not do this.',
        ...(details.length === 0 ? {} : { details: details.map((one) => ({ code: one, message: '' })) }),
        innerError: { date: '2026-01-15T12:00:00', 'request-id': 'b8c6e007-36d0-4b24-ac8b-530a2f1aa641' },
      },
    },
    { 'request-id': 'b8c6e007-36d0-4b24-ac8b-530a2f1aa641' },
  )
