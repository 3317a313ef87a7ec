import { type Html, html } from '../../../lib/http/html.ts'
import type { Reply } from '../../entra/wire/reply.ts'
import { type DeskPages, deskPage } from '../../pages/deskPage.ts'
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

const PAGES: DeskPages = {
  name: 'flow inspector',
  path: INSPECTOR_PATH,
  style: INSPECTOR_STYLE,
  footer:
    'Only on this desk: the inspector reads the logs of the stand-ins. Codes, tokens, assertions and cookies are in none of them.',
  hasForms: false,
}

/** A page of the inspector. */
export function inspectorPage({ isRefreshing = false, ...content }: Content): Reply {
  const head = isRefreshing ? html`<meta http-equiv="refresh" content="2">\n` : undefined
  return deskPage(PAGES, { ...content, head })
}

/** The link that switches refreshing on or off for the page at that path. */
export function refreshLink(path: string, isRefreshing: boolean): Html {
  return isRefreshing
    ? html`<a href="${path}">Stop refreshing</a>`
    : html`<a href="${path}?${REFRESH_QUERY}">Refresh every 2 s</a>`
}
