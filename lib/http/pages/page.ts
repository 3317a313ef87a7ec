/** A finished page and the policy that lets exactly its style in. */
import { createHash } from 'node:crypto'
import { type Html, html, Html as RawHtml } from '../html.ts'
import { ICON_URL, MARK } from './mark.ts'
import { STYLE } from './style.ts'
import { TELL } from './tell.ts'

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
  /** Tells the front end's pages how a sign-in without a question ended, and closes the window. */
  readonly tells?: boolean
}

const STYLE_HASH = hashOf(STYLE)
const TELL_HASH = hashOf(TELL)

/** Everything that the pages share. It runs no script but the one that tells, and asks nobody for anything: no font, no image, no style. */
export function createPage({
  title,
  main,
  formTarget,
  iconPath,
  reloadAfterSec,
  tells = false,
}: PageContent): Page {
  const reload =
    reloadAfterSec === undefined ? undefined : html`<meta http-equiv="refresh" content="${reloadAfterSec}">\n`
  const footer = tells ? 'runs one script, which tells your open pages how sign-in went,' : 'runs no script'
  const script = tells ? html`<script>${new RawHtml(TELL)}</script>\n` : undefined
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
<footer><p>This page ${footer} and loads nothing from anywhere else.</p></footer>
${script}</body>
</html>
`
  const formAction = ["'self'", formTarget].filter(Boolean).join(' ')
  const contentSecurityPolicy = [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    ...(tells ? [`script-src 'sha256-${TELL_HASH}'`] : []),
    iconPath === undefined ? 'img-src data:' : "img-src 'self'",
    `form-action ${formAction}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  return { html: document.text, contentSecurityPolicy }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
