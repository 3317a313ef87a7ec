/** Reads azure.yaml, as far as it goes: maps by indentation, lists of one-line maps, plain and quoted scalars. Refuses anything else. */
export type Yaml = string | readonly Yaml[] | { readonly [key: string]: Yaml }

export interface Hook {
  readonly run: string
  readonly kind: string
  readonly dir: string
  readonly interactive?: string
}

type Hooks = Readonly<Record<string, Hook>>

export interface AzdProject {
  readonly hooks: Hooks
  readonly services: Readonly<Record<string, { readonly hooks?: Hooks }>>
  readonly workflows?: { readonly up?: readonly { readonly azd: string }[] }
}

interface Line {
  readonly indent: number
  readonly text: string
}

export function parseAzureYaml(document: string): AzdProject {
  const lines = document
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
    .map((line) => ({ indent: line.search(/\S/), text: line.trim() }))
  return parseBlock(lines) as unknown as AzdProject
}

function parseBlock(lines: readonly Line[]): Yaml {
  const [first] = lines
  if (first === undefined) return {}
  const starts = lines.flatMap(({ indent }, i) => (indent === first.indent ? [i] : []))
  const parts = starts.map((start, i) => lines.slice(start, starts[i + 1]))
  if (first.text.startsWith('- ')) return parts.map(parseItem)
  return Object.fromEntries(parts.map(parseEntry))
}

function parseItem([line, ...more]: readonly Line[]): Yaml {
  if (line === undefined || more.length > 0) throw new Error(`not a list of lines: ${line?.text}`)
  return Object.fromEntries([parseEntry([{ indent: 0, text: line.text.slice(2) }])])
}

function parseEntry([line, ...inner]: readonly Line[]): [string, Yaml] {
  const [, key, value] = /^([\w-]+):(?: +(.+))?$/.exec(line?.text ?? '') ?? []
  if (key === undefined || (value !== undefined && inner.length > 0))
    throw new Error(`not a map: ${line?.text}`)
  return [key, value === undefined ? parseBlock(inner) : value.replace(/^'(.*)'$/, '$1')]
}
