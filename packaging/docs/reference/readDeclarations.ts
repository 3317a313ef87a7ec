/** Reads a file of declarations: what it declares, with the docstring of each and of its members, and what it takes from other files. */
import { parseSync } from 'rolldown/utils'

export interface Member {
  /** As it is written, on one line: `exchange(input: OnBehalfOfInput): Promise<string>`. */
  readonly signature: string
  readonly doc: string
}

export interface Declaration {
  readonly name: string
  readonly kind: 'function' | 'const' | 'class' | 'interface' | 'type'
  readonly doc: string
  /** As it is written, without `export` and `declare`. */
  readonly code: string
  /** Of an interface or a class; nothing of the others. */
  readonly members: readonly Member[]
}

export interface DeclarationFile {
  readonly declarations: readonly Declaration[]
  /** Names that another file offers to whoever imports this one; each is declared here or imported. */
  readonly exported: readonly string[]
  /** Files that names are imported from, as written: `./effects.js`. */
  readonly imports: readonly string[]
}

const KINDS = new Map<string, Declaration['kind']>([
  ['TSDeclareFunction', 'function'],
  ['VariableDeclaration', 'const'],
  ['ClassDeclaration', 'class'],
  ['TSInterfaceDeclaration', 'interface'],
  ['TSTypeAliasDeclaration', 'type'],
])

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
}

/** Throws for text that is no TypeScript. Pure. */
export function readDeclarations(name: string, text: string): DeclarationFile {
  const { program, comments, errors } = parseSync(name, text, { lang: 'dts', sourceType: 'module' })
  if (errors.length > 0) throw new SyntaxError(`${name} is not a file of declarations.`)

  /** The docstring that ends where the node begins, but for white space. */
  function docOf(node: Node): string {
    const comment = comments.findLast(({ end }) => end <= node.start)
    if (comment === undefined || text.slice(comment.end, node.start).trim() !== '') return ''
    return docText(comment.value)
  }

  function declarationOf(node: Node, outer: Node): Declaration[] {
    const kind = KINDS.get(node.type)
    if (kind === undefined) return []
    const code = text.slice(node.start, node.end).replace(/^declare /, '')
    const declared = /^(?:abstract )?(?:function|const|class|interface|type) (\w+)/.exec(code)?.[1] ?? ''
    const { body } = node as Node & { body?: { body?: readonly Node[] } }
    const members = (kind === 'interface' || kind === 'class' ? (body?.body ?? []) : []).map((member) => ({
      signature: oneLine(text.slice(member.start, member.end)),
      doc: docOf(member),
    }))
    return [{ name: declared, kind, doc: docOf(outer), code, members }]
  }

  const body = program.body as unknown as readonly (Node & { declaration?: Node | null })[]
  const declarations = body.flatMap((node) => declarationOf(node.declaration ?? node, node))
  const lists = [...text.matchAll(/^export (?:type )?\{ ([^}]*) \};?$/gm)].flatMap(([, names = '']) =>
    names.split(', ').map((each) => each.replace(/^type /, '')),
  )
  const exported = body
    .filter(({ type }) => type === 'ExportNamedDeclaration')
    .flatMap(({ declaration, ...node }) => (declaration ? declarationOf(declaration, node) : []))
    .map((declaration) => declaration.name)
  return {
    declarations,
    exported: [...exported, ...lists.map((each) => each.replace(/^.* as /, ''))],
    imports: [...text.matchAll(/^import [^;]*"(\.\/[^"]+)";$/gm)].map(([, from = '']) => from),
  }
}

/** Without the stars, lines joined to paragraphs. */
function docText(comment: string): string {
  const lines = comment
    .replace(/^\*/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trim())
  return lines
    .join('\n')
    .trim()
    .replace(/(?<!\n)\n(?!\n)/g, ' ')
    .replace(/\{@link (\w+)\}/g, '`$1`')
}

function oneLine(code: string): string {
  return code
    .replace(/\/\*\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/^readonly /, '')
    .replace(/; \}/g, ' }')
    .replace(/;$/, '')
    .trim()
}
