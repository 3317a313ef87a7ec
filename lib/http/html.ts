/** HTML whose values stay text, between tags and inside quoted attributes, unless they are HTML made here. It knows no other place. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Fragment = string | number | Html | readonly Html[] | undefined

/** A template tag that escapes every value but {@link Html}. */
export function html(strings: TemplateStringsArray, ...values: readonly Fragment[]): Html {
  const parts = strings.map((string, i) => string + render(values[i]))
  return new Html(parts.join(''))
}

function render(value: Fragment): string {
  if (value === undefined) return ''
  if (value instanceof Html) return value.text
  // One by one: data that comes with a type it does not have is not taken for HTML because it looks like it.
  if (Array.isArray(value)) return value.map(render).join('')
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
