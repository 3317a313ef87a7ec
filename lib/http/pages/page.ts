/** A finished page and the policy that lets exactly its style in. */
import { createHash } from 'node:crypto'
import { type Html, html, Html as RawHtml } from '../html.ts'
import { STYLE } from './style.ts'

export interface Page {
  readonly html: string
  readonly contentSecurityPolicy: string
}

interface PageContent {
  readonly title: string
  readonly main: Html
  /** Where a form of this page may lead, besides this site: Entra's origin, for sign-out. */
  readonly formTarget?: string
}

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')
const ICON =
  'data:image/svg+xml,%3Csvg xmlns=%27http://www.w3.org/2000/svg%27 viewBox=%270 0 32 32%27%3E%3Ccircle cx=%2716%27 cy=%2716%27 r=%2713%27 fill=%27%23243b6b%27/%3E%3Cpath d=%27M10 17l4 4 8-9%27 fill=%27none%27 stroke=%27white%27 stroke-width=%273%27/%3E%3C/svg%3E'

export function createPage({ title, main, formTarget }: PageContent): Page {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · Signet</title>
<link rel="icon" href="${new RawHtml(ICON)}">
<style>${new RawHtml(STYLE)}</style>
</head>
<body>
<main>${main}</main>
</body>
</html>
`
  const formAction = ["'self'", formTarget].filter(Boolean).join(' ')
  const contentSecurityPolicy = [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    'img-src data:',
    `form-action ${formAction}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  return { html: document.text, contentSecurityPolicy }
}
