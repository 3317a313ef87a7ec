/** A finished page and the policy that lets exactly its style in. */
import { createHash } from 'node:crypto'
import { type Html, html, Html as RawHtml } from '../html.ts'
import { ICON_URL, MARK } from './mark.ts'
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
  /** Address of the icon on this site, in place of the one that the page holds. */
  readonly iconPath?: string
  /** The page asks for its own address again after so long. */
  readonly reloadAfterSec?: number | undefined
}

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/** Everything that the pages share. It runs no script and asks nobody for anything: no font, no image, no style. */
export function createPage({ title, main, formTarget, iconPath, reloadAfterSec }: PageContent): Page {
  const reload =
    reloadAfterSec === undefined ? undefined : html`<meta http-equiv="refresh" content="${reloadAfterSec}">\n`
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
${reload}<title>${title} · Signet</title>
<link rel="icon" href="${iconPath ?? ICON_URL}">
<style>${new RawHtml(STYLE)}</style>
</head>
<body>
<header><a class="brand" href="/">${MARK}Signet</a></header>
<main>
${main}
</main>
<footer><p>This page runs no script and loads nothing from anywhere else.</p></footer>
</body>
</html>
`
  const formAction = ["'self'", formTarget].filter(Boolean).join(' ')
  const contentSecurityPolicy = [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    iconPath === undefined ? 'img-src data:' : "img-src 'self'",
    `form-action ${formAction}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  return { html: document.text, contentSecurityPolicy }
}
