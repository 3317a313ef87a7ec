import { createHash } from 'node:crypto'
import { type Html, html, Html as RawHtml } from '../../../lib/http/html.ts'
import { ICON_URL, MARK } from '../../../lib/http/pages/mark.ts'
import type { Reply } from '../../entra/wire/reply.ts'
import { INSPECTOR_STYLE } from './style.ts'

/** Where the inspector lives on the look-alike's port. */
export const INSPECTOR_PATH = '/inspect'

/** The address that refreshes itself asks for it by this query. */
export const REFRESH_QUERY = 'refresh=2'

interface Content {
  readonly status?: number
  readonly title: string
  readonly main: Html
  /** The page is asked for again every two seconds. */
  readonly isRefreshing?: boolean
}

const STYLE_HASH = createHash('sha256').update(INSPECTOR_STYLE).digest('base64')

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_HASH}'`,
  'img-src data:',
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** A page of the inspector with its policy: no script, and nothing loaded from anywhere. */
export function inspectorPage({ status = 200, title, main, isRefreshing = false }: Content): Reply {
  const refresh = isRefreshing ? html`<meta http-equiv="refresh" content="2">\n` : undefined
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${refresh}<title>${title} · Signet inspector</title>
<link rel="icon" href="${ICON_URL}">
<style>${new RawHtml(INSPECTOR_STYLE)}</style>
</head>
<body>
<header><a class="brand" href="${INSPECTOR_PATH}">${MARK}Signet <small>flow inspector</small></a></header>
<main>
${main}
</main>
<footer><p>Only on this desk: the inspector reads the logs of the stand-ins. Codes, tokens, assertions and cookies are in none of them.</p></footer>
</body>
</html>
`
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
    body: document.text,
  }
}

/** The link that switches refreshing on or off for the page at that path. */
export function refreshLink(path: string, isRefreshing: boolean): Html {
  return isRefreshing
    ? html`<a href="${path}">Stop refreshing</a>`
    : html`<a href="${path}?${REFRESH_QUERY}">Refresh every 2 s</a>`
}
