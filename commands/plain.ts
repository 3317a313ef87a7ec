/** Text for a terminal, which would obey what others wrote into it: pasted addresses, unverified tokens, rows of a table, files of somebody else. */

const CONTROL = /[\x00-\x1f\x7f-\x9f]/g

/** One line, of which a terminal obeys nothing. */
export function plain(text: string): string {
  return text.replace(CONTROL, '\ufffd')
}

/** The same of several. */
export function plainLines(text: string): string {
  return text.split('\n').map(plain).join('\n')
}
