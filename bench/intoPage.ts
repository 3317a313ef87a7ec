/** A page of which a part is made: it stands between two comments, and everything else is written by hand. */

/** The part of that name. Throws where the page has none. */
export function partOf(page: string, name: string): string {
  const { start, end } = placeOf(page, name)
  return page.slice(start, end).trim()
}

/** The page with that part in place of the one it had. Throws where it has none. */
export function intoPage(page: string, name: string, part: string): string {
  const { start, end } = placeOf(page, name)
  return `${page.slice(0, start)}\n\n${part.trim()}\n\n${page.slice(end)}`
}

function placeOf(page: string, name: string): { start: number; end: number } {
  const [from, to] = [`<!-- made: ${name} -->`, `<!-- end: ${name} -->`]
  const start = page.indexOf(from) + from.length
  const end = page.indexOf(to)
  if (start < from.length || end < start) throw new Error(`The page has no part ${name}.`)
  return { start, end }
}
