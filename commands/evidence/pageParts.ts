/** Pieces of the page of evidence. */
import { type Html, html } from '../../lib/http/html.ts'

/** A moment of the evidence, as it is read; anything else as it stands. */
export function time(moment: string | undefined): Html {
  if (moment === undefined) return html`not told`
  const parsed = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?Z$/.exec(moment)
  return parsed === null
    ? html`${moment}`
    : html`<time datetime="${moment}">${parsed[1]} ${parsed[2]} UTC</time>`
}

export function fact(name: string, value: Html): Html {
  return html`<dt>${name}</dt><dd>${value}</dd>`
}

/** Why there is nothing to show. */
export function none(sentence: string): Html {
  return html`<p class="none">${sentence}</p>`
}

/** A table, or a word on that it would be empty. */
export function tableOf(names: readonly string[], rows: readonly (readonly Html[])[]): Html {
  if (rows.length === 0) return none('None.')
  const head = names.map((name) => html`<th scope="col">${name}</th>`)
  const body = rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)
  // Also by keyboard: what scrolls can be reached, and says what it is.
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${names.join(', ')}"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`
}
