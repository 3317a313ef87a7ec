/** An element of a small XML document: enough to read a policy by. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  readonly text: string
}

interface OpenElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: XmlElement[]
  text: string
}

const TOKEN =
  /<!--(?:(?!--)[\s\S])*-->|<\/([\w:-]+)\s*>|<([\w:-]+)((?:\s+[\w:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y
const ATTRIBUTE = /([\w:-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The root element of a well-formed document (XML 1.0 without declarations, sections and namespaces); throws on any other. */
export function parseXml(document: string): XmlElement {
  const root: OpenElement = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < document.length) {
    const from = TOKEN.lastIndex
    const token = TOKEN.exec(document)
    if (token === null) throw new Error(`not well-formed at: ${document.slice(from, from + 40)}`)
    take(open, token)
  }
  const [element, ...more] = root.children
  if (open.length !== 1 || element === undefined || more.length > 0 || root.text.trim() !== '') {
    throw new Error('not one root element')
  }
  return element
}

function take(
  open: OpenElement[],
  [, closing, opening, attributes = '', isEmpty, text]: RegExpExecArray,
): void {
  const current = open.at(-1)
  if (current === undefined) throw new Error('an end tag too many')
  if (text !== undefined) current.text += decoded(text)
  if (opening !== undefined) {
    const element: OpenElement = {
      name: opening,
      attributes: attributesIn(attributes),
      children: [],
      text: '',
    }
    current.children.push(element)
    if (isEmpty !== '/') open.push(element)
  }
  if (closing !== undefined) {
    if (closing !== current.name) throw new Error(`</${closing}> closes <${current.name}>`)
    open.pop()
  }
}

function attributesIn(text: string): Record<string, string> {
  const pairs = [...text.matchAll(ATTRIBUTE)].map(([, name = '', double, single]) => [
    name,
    decoded(double ?? single ?? ''),
  ])
  const attributes = Object.fromEntries(pairs) as Record<string, string>
  if (Object.keys(attributes).length !== pairs.length) throw new Error(`an attribute twice: ${text}`)
  return attributes
}

function decoded(text: string): string {
  return text.replace(/&(\w*)(;?)/g, (entity, name: string, end: string) => {
    const character = ENTITIES[name]
    if (character === undefined || end === '') throw new Error(`not an entity: ${entity}`)
    return character
  })
}
