/** The mark of Signet, the face of a ring with its letter cut in: once to stand in the page, once as the icon. */
import { html, Html as RawHtml } from '../html.ts'

const LETTER =
  'M20.5 12a4.5 3.2 0 0 0-4.5-2.6c-2.6 0-4.5 1.4-4.5 3.3 0 4.6 9 2.6 9 7.2 0 1.9-1.9 3.3-4.5 3.3a4.5 3.2 0 0 1-4.5-2.6'
const FACE = '<rect x="3" y="3" width="26" height="26" rx="9"/>'

/** Takes its colours from the style sheet; silent to a screen reader, because the name stands beside it. */
export const MARK = html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true">${new RawHtml(FACE)}<path d="${LETTER}"/></svg>`

export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="#1d5c4b">${FACE}<path d="${LETTER}" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/></svg>`

/** The same as a `data:` URL, the only kind of image that the policy lets in. */
export const ICON_URL = `data:image/svg+xml,${encodeURIComponent(ICON)}`
