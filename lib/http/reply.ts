/** What a handler answers; the boundary turns it into the platform's response and adds what every response has. */
import type { LogFacts } from '../base/effects.ts'
import type { SetCookie } from './cookies.ts'
import type { Page } from './pages/page.ts'

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly cookies?: readonly SetCookie[]
  readonly body?: ReplyBody
  /** What the request log says where a refusal is no fault: `guard/expired`. Without it, `ok`. */
  readonly outcome?: string
  /** What else the request log says. */
  readonly facts?: LogFacts
}

export type ReplyBody =
  | { readonly kind: 'page'; readonly page: Page }
  | { readonly kind: 'json'; readonly value: unknown }
  /** An answer of an API, whole; its headers are the reply's own. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** An answer of the front end, whole; the reply's headers are all that it has. */
  | { readonly kind: 'passed'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** Nothing to see, but to be framed by Entra: the front-channel sign-out. */
  | { readonly kind: 'frame'; readonly frameAncestor: string }

export function page(status: number, content: Page, cookies: readonly SetCookie[] = []): Reply {
  return { status, body: { kind: 'page', page: content }, cookies }
}

export function json(status: number, value: unknown, cookies: readonly SetCookie[] = []): Reply {
  return { status, body: { kind: 'json', value }, cookies }
}

/** To Entra's pinned host or to a checked path of ours; the body stays empty. */
export function redirect(status: 302 | 303, location: string, cookies: readonly SetCookie[] = []): Reply {
  return { status, headers: { location }, cookies }
}
