/** People with browsers, as far as HTTP shows them: cookies, Fetch Metadata, forms that another site posts. Entra's part is played here too. */
import { randomUUID } from 'node:crypto'
import { Agent, type IncomingHttpHeaders, request as send } from 'node:http'
import type { SignedInAtEntra } from '../stands/lightEntra.ts'

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** From the first byte sent to the last one that came. Milliseconds. */
  readonly ms: number
}

export interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly form?: URLSearchParams
}

export interface Person {
  readonly cookies: Map<string, string>
  ask(path: string, ask?: Ask): Promise<Reply>
}

/** Of a script on the app's own page. */
export const BY_SCRIPT = {
  accept: 'application/json',
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
  'sec-fetch-site': 'same-origin',
  'x-csrf': '1',
}
const NAVIGATION = {
  accept: 'text/html',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-site': 'none',
}

/** Connections that stay open, as many as there are requests at once. */
export function openBrowser(port: number): { newPerson(): Person; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1_024 })
  const host = `localhost:${port}`
  return {
    newPerson() {
      const cookies = new Map<string, string>()
      return {
        cookies,
        async ask(path, { method = 'GET', headers = {}, form } = {}) {
          const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
          const body = form?.toString() ?? ''
          const reply = await exchange(
            { agent, host: '127.0.0.1', port, path, method },
            {
              ...NAVIGATION,
              host,
              // As the platform's front end says it.
              'x-forwarded-proto': 'https',
              ...(cookie === '' ? {} : { cookie }),
              ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
              ...(method === 'GET' ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
              ...headers,
            },
            body,
          )
          for (const line of reply.headers['set-cookie'] ?? []) keep(cookies, line)
          return reply
        },
      }
    },
    close: () => agent.destroy(),
  }
}

function exchange(
  options: { agent: Agent; host: string; port: number; path: string; method: string },
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const startedMs = performance.now()
    send({ ...options, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
          ms: performance.now() - startedMs,
        }),
      )
    })
      .on('error', reject)
      .end(body)
  })
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
  const equals = pair.indexOf('=')
  const isOver = attributes.some((text) => /^max-age=0$|^expires=thu, 01 jan 1970/i.test(text))
  if (isOver) cookies.delete(pair.slice(0, equals))
  else cookies.set(pair.slice(0, equals), pair.slice(equals + 1))
}

/** What Entra would have the browser post: the form, for a person whom it has just signed in. */
export function signInAtEntra(location: string): URLSearchParams {
  const asked = new URL(location).searchParams
  const nonce = asked.get('nonce')
  const challenge = asked.get('code_challenge')
  const who: SignedInAtEntra = {
    clientId: asked.get('client_id') ?? '',
    scope: asked.get('scope') ?? '',
    ...(nonce === null ? {} : { nonce }),
    ...(challenge === null ? {} : { challenge }),
    oid: randomUUID(),
    sid: randomUUID(),
  }
  return new URLSearchParams({
    code: Buffer.from(JSON.stringify(who)).toString('base64url'),
    state: asked.get('state') ?? '',
    session_state: who.sid,
  })
}

export interface SignedIn {
  readonly loginMs: number
  readonly callbackMs: number
}

/** A whole sign-in. Throws where the app answers anything but a redirect. */
export async function signIn(person: Person): Promise<SignedIn> {
  const login = await person.ask('/auth/login')
  requireStatus(login, [302, 303])
  const callback = await postAnswer(person, signInAtEntra(login.headers.location ?? ''))
  requireStatus(callback, [302, 303])
  return { loginMs: login.ms, callbackMs: callback.ms }
}

export function postAnswer(person: Person, form: URLSearchParams): Promise<Reply> {
  const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://login.microsoftonline.com' }
  return person.ask('/auth/callback', { method: 'POST', headers, form })
}

/** Throws with the answer where it has another status. */
export function requireStatus(reply: Reply, allowed: readonly number[]): void {
  if (!allowed.includes(reply.status))
    throw new Error(`${reply.status} in place of ${allowed.join(' or ')}: ${reply.body.slice(0, 300)}`)
}
