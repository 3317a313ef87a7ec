import { createHash } from 'node:crypto'
import { type Html, html, Html as RawHtml } from '../../lib/http/html.ts'
import { ICON_URL, MARK } from '../../lib/http/pages/mark.ts'
import type { Reply } from '../entra/wire/reply.ts'

/** Whose page it is: one of the desk's own, in the product's look. */
export interface DeskPages {
  /** What it is called beside the product's name. */
  readonly name: string
  /** Where its first page is. */
  readonly path: string
  readonly style: string
  readonly footer: string
  /** Whether its forms post to its own origin; else it has none. */
  readonly hasForms: boolean
}

interface Content {
  readonly status?: number
  readonly title: string
  readonly main: Html
  readonly head?: Html | undefined
}

/** A page of the desk with its policy: no script, and nothing loaded from anywhere. */
export function deskPage(
  { name, path, style, footer, hasForms }: DeskPages,
  { status = 200, title, main, head }: Content,
): Reply {
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    'img-src data:',
    `form-action ${hasForms ? "'self'" : "'none'"}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${head}<title>${title} · Signet ${name}</title>
<link rel="icon" href="${ICON_URL}">
<style>${new RawHtml(style)}</style>
</head>
<body>
<header><a class="brand" href="${path}">${MARK}Signet <small>${name}</small></a></header>
<main>
${main}
</main>
<footer><p>${footer}</p></footer>
</body>
</html>
`
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': policy.join('; '),
      // A page without referrers would post with `Origin: null`.
      'referrer-policy': hasForms ? 'same-origin' : 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
    body: document.text,
  }
}
