/** A moment as a person reads it and a machine too: UTC, because server and reader may stand in different zones. */
import { type Html, html } from '../html.ts'

/** `2026-03-01 09:30:00 UTC`. Takes milliseconds since the epoch. */
export function utcTime(ms: number): Html {
  const iso = new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
  return html`<time datetime="${iso}">${iso.replace('T', ' ').replace('Z', ' UTC')}</time>`
}
