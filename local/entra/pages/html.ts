/** Markup that is safe to send: made by the `html` tag only. */
export type Html = { readonly markup: string }

type Value = Html | string | number | undefined | readonly Html[]

/** Builds markup. Every interpolated string is escaped; Html and lists of Html go in as they are; undefined is nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  const parts = strings.map((text, index) => text + render(values[index]))
  return { markup: parts.join('') }
}

const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
])

function render(value: Value): string {
  if (value === undefined) return ''
  if (typeof value === 'object') return 'markup' in value ? value.markup : value.map(render).join('')
  return String(value).replace(/[&<>"']/g, (character) => entities.get(character) ?? '')
}
