/**
 * A person with a browser, as far as HTTP shows it: a cookie jar per site, Fetch Metadata, forms posted from one site to another,
 * SameSite applied. The real browser has tests of its own; this one is for hundreds of sign-ins and for hostile ones.
 */
import { once } from 'node:events'
import http from 'node:http'
import { clockOf } from './clocks.ts'

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly bytes: Buffer
  /** Set-Cookie lines. */
  readonly setCookies: readonly string[]
}

interface JarCookie {
  readonly value: string
  readonly sameSite: string
  /** By the clock of the world; undefined until the browser closes. Milliseconds since the epoch. */
  readonly expiresAtMs?: number | undefined
}

export interface Ask {
  readonly method?: string
  readonly form?: URLSearchParams | undefined
  /** In place of a form: sent as it is, with the content type that `headers` give it, if any. */
  readonly body?: string
  /** Over those of a navigation; undefined takes one away. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Where the request comes from; another host than the target's makes it cross-site. */
  readonly from?: string
}

export interface Visitor {
  /** Cookies of the app's site, by name. */
  readonly appCookies: Map<string, JarCookie>
  /** One request, no redirect followed, as a navigation. */
  ask(url: string, ask?: Ask): Promise<Reply>
  /** The same past whatever a browser does besides. */
  bare(url: string, ask?: Ask): Promise<Reply>
  /** Whether there is a cookie of this name for the app that has not run out. */
  holds(name: string): boolean
  /** From a login path to the form that Entra wants posted back: `action` and its fields. */
  toCallback(loginPath?: string, choice?: Readonly<Record<string, string>>): Promise<CallbackForm>
  /** The second half of that: from the authorization URL on. */
  atEntra(authorizeUrl: string, choice?: Readonly<Record<string, string>>): Promise<CallbackForm>
  /** Posts the form as Entra's page does. */
  post(form: CallbackForm): Promise<Reply>
  /** A whole sign-in; the reply is that of the callback. */
  signIn(loginPath?: string, choice?: Readonly<Record<string, string>>): Promise<Reply>
}

export interface CallbackForm {
  readonly action: string
  readonly fields: URLSearchParams
  readonly from: string
}

export const ADA = { person: '0d1f3a52-8a3c-4c0e-9a86-5b7f0e2d4a01' }
export const BO = { person: '1c2e4b63-9b4d-4d1f-8b97-6c8a1f3e5b02' }

/** `asked`: in place of the visitor's own `ask` for the requests of a whole sign-in. */
export function newVisitor(appOrigin: string, asked?: Visitor['ask']): Visitor {
  const now = clockOf(appOrigin)
  const jars = new Map<string, Map<string, JarCookie>>()
  const jarOf = (url: string): Map<string, JarCookie> => {
    const { hostname } = new URL(url)
    const jar = jars.get(hostname) ?? new Map<string, JarCookie>()
    jars.set(hostname, jar)
    return jar
  }

  function holds(name: string): boolean {
    const { expiresAtMs = Number.POSITIVE_INFINITY } = jarOf(appOrigin).get(name) ?? { expiresAtMs: 0 }
    return now() < expiresAtMs
  }

  const ask = (url: string, what?: Ask): Promise<Reply> => (asked ?? bare)(url, what)

  async function bare(
    url: string,
    { method = 'GET', form, body, headers = {}, from }: Ask = {},
  ): Promise<Reply> {
    const isCrossSite = from !== undefined && new URL(from).hostname !== new URL(url).hostname
    const jar = jarOf(url)
    for (const [name, { expiresAtMs = Number.POSITIVE_INFINITY }] of jar)
      if (expiresAtMs <= now()) jar.delete(name)
    const sent = [...jar].filter(
      ([, { sameSite }]) => !isCrossSite || method === 'GET' || sameSite.toLowerCase() === 'none',
    )
    const {
      status,
      headers: answered,
      text,
      bytes,
    } = await send(
      url,
      method,
      {
        accept: 'text/html',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
        'sec-fetch-site': from === undefined ? 'none' : isCrossSite ? 'cross-site' : 'same-origin',
        ...(from === undefined || method === 'GET' ? {} : { origin: from }),
        ...(sent.length === 0
          ? {}
          : { cookie: sent.map(([name, { value }]) => `${name}=${value}`).join('; ') }),
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      form?.toString() ?? body,
    )
    const setCookies = answered.getSetCookie()
    for (const line of setCookies) keep(jar, line, now())
    return { status, headers: answered, text, bytes, setCookies }
  }

  async function toCallback(
    loginPath = '/auth/login',
    choice: Readonly<Record<string, string>> = ADA,
  ): Promise<CallbackForm> {
    const started = await ask(`${appOrigin}${loginPath}`)
    return atEntra(location(started), choice)
  }

  async function atEntra(
    authorizeUrl: string,
    choice: Readonly<Record<string, string>> = ADA,
  ): Promise<CallbackForm> {
    const first = await formAt(await ask(authorizeUrl), authorizeUrl)
    if (first.action.startsWith(appOrigin)) return first
    for (const [name, value] of Object.entries(choice)) first.fields.set(name, value)
    const { action, fields: form, from } = first
    return formAt(await ask(action, { method: 'POST', form, from }), action)
  }

  /** The form at the end of the redirects that a reply begins. */
  async function formAt(reply: Reply, url: string): Promise<CallbackForm> {
    const target = reply.headers.get('location')
    if (target === null) return readForm(reply.text, url)
    const next = new URL(target, url).href
    return formAt(await ask(next), next)
  }

  const post = (form: CallbackForm): Promise<Reply> =>
    ask(form.action, { method: 'POST', form: form.fields, from: form.from })

  return {
    appCookies: jarOf(appOrigin),
    ask,
    bare,
    holds,
    toCallback,
    atEntra,
    post,
    async signIn(loginPath, choice = ADA) {
      let reply = await post(await toCallback(loginPath, choice))
      // A silent new start ends at Entra again, which knows the person by now.
      for (let i = 0; i < 2 && reply.headers.get('location')?.includes('/oauth2/v2.0/authorize'); i += 1) {
        reply = await post(await atEntra(location(reply), choice))
      }
      return reply
    },
  }
}

/** `fetch` would write its own Fetch Metadata over ours. */
async function send(
  url: string,
  method: string,
  headers: Readonly<Record<string, string | undefined>>,
  body: string | undefined,
): Promise<Omit<Reply, 'setCookies'>> {
  const request = http.request(url.replace('//localhost', '//127.0.0.1'), {
    method,
    headers: Object.fromEntries(
      Object.entries({ ...headers, host: new URL(url).host }).filter(([, value]) => value !== undefined),
    ),
  })
  request.end(body)
  const [response]: http.IncomingMessage[] = await once(request, 'response')
  if (response === undefined) throw new Error('no response')
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  const answered = new Headers()
  for (let i = 0; i < response.rawHeaders.length; i += 2) {
    answered.append(response.rawHeaders[i] ?? '', response.rawHeaders[i + 1] ?? '')
  }
  const bytes = Buffer.concat(chunks)
  return { status: response.statusCode ?? 0, headers: answered, text: bytes.toString(), bytes }
}

export function location(reply: Reply): string {
  const target = reply.headers.get('location')
  if (target === null) throw new Error(`no Location in a reply with status ${reply.status}`)
  return target
}

/** RFC 6265 section 5.3: Max-Age goes before Expires. */
function keep(jar: Map<string, JarCookie>, line: string, nowMs: number): void {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
  const equals = pair.indexOf('=')
  const name = pair.slice(0, equals)
  const attribute = (wanted: string): string | undefined =>
    attributes.map((text) => text.split('=')).find(([key]) => key?.toLowerCase() === wanted)?.[1]
  jar.delete(name)
  const maxAge = attribute('max-age')
  const expires = Date.parse(attribute('expires') ?? '')
  const byExpires = Number.isNaN(expires) ? undefined : expires
  const expiresAtMs = maxAge === undefined ? byExpires : nowMs + Number(maxAge) * 1_000
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs) return
  jar.set(name, { value: pair.slice(equals + 1), sameSite: attribute('samesite') ?? 'Lax', expiresAtMs })
}

function readForm(page: string, pageUrl: string): CallbackForm {
  const action = /<form[^>]* action="([^"]*)"/.exec(page)?.[1]
  if (action === undefined) throw new Error(`no form in the page: ${page.slice(0, 400)}`)
  const fields = new URLSearchParams()
  for (const [, name = '', value = ''] of page.matchAll(
    /<input type="hidden" name="([^"]*)" value="([^"]*)"/g,
  )) {
    fields.append(unescapeHtml(name), unescapeHtml(value))
  }
  return { action: new URL(unescapeHtml(action), pageUrl).href, fields, from: new URL(pageUrl).origin }
}

function unescapeHtml(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_match, code: string) => String.fromCharCode(Number(code)))
    .replace(/&#x([0-9a-f]+);/gi, (_match, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
}
