import { randomBytes } from 'node:crypto'
import type { Reply } from '../wire/reply.ts'
import { type Html, html } from './html.ts'
import { styles } from './styles.ts'

type Page = {
  readonly status?: number
  readonly title: string
  /** Whose page this is: a tenant's name. */
  readonly organisation: string
  readonly body: Html
  /** Plain JavaScript, run once; pages must work without it. */
  readonly script?: string
  readonly head?: Html
  /** Origins a form may reach, redirects included. */
  readonly formTargets?: readonly string[]
  /** Origins that may be framed. */
  readonly frames?: readonly string[]
}

/**
 * A page of the look-alike, complete with its policy: no script but its own, no resource from anywhere. The referrer policy
 * lets a form post carry its Origin, as Entra's does; `no-referrer` would make it `null`.
 */
export function page({
  status = 200,
  title,
  organisation,
  body,
  script,
  head,
  formTargets,
  frames,
}: Page): Reply {
  const nonce = randomBytes(16).toString('base64')
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    script === undefined ? '' : `script-src 'nonce-${nonce}'`,
    `form-action ${formTargets?.join(' ') || "'none'"}`,
    frames?.length ? `frame-src ${frames.join(' ')}` : '',
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]
  const markup = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
${head}
<style nonce="${nonce}">${{ markup: styles }}</style>
</head>
<body>
<main>
<header>
<span class="mark" aria-hidden="true">${organisation.slice(0, 1)}</span>
<p><b>${organisation}</b><br><span class="what">Local stand-in for Microsoft Entra ID</span></p>
</header>
${body}
</main>
${script === undefined ? undefined : html`<script nonce="${nonce}">${{ markup: script }}</script>`}
</body>
</html>
`
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store, no-cache',
      'content-security-policy': policy.filter(Boolean).join('; '),
      'referrer-policy': 'strict-origin-when-cross-origin',
      'x-content-type-options': 'nosniff',
    },
    body: markup.markup,
  }
}

/** What a Content-Security-Policy calls the place a redirect URI points to: its origin, or its scheme for native ones. */
export function cspSource(uri: string): string {
  const { origin, protocol } = new URL(uri)
  return origin === 'null' ? protocol : origin
}
