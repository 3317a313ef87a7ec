/**
 * The pages of docs/reference: a page for each entry of the library, made of its declarations and their docstrings. A name that an entry
 * needs and does not export is told on the same page, for its members are what the reader has in hand.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeDeclarations } from '../../library/declarations.ts'
import { LIBRARY_ENTRIES } from '../../library/entries.ts'
import { LIBRARY_NAME } from '../../library/manifest.ts'
import { type Declaration, type DeclarationFile, readDeclarations } from './readDeclarations.ts'

const FOLDER = 'docs/reference'
/** Lines of a declaration beyond which its names say more than its text. */
const LONGEST = 24

/** Every page by its path from the root of the project, made of declarations that are emitted for it. */
export async function referencePages(root: string): Promise<ReadonlyMap<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'signet-declarations-'))
  try {
    await writeDeclarations(root, folder)
    return await referenceOf(root, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The same, of declarations that lie in a folder. */
export async function referenceOf(root: string, folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.d.ts'))
  const files = new Map(
    await Promise.all(
      names.map(async (name): Promise<[string, DeclarationFile]> => {
        return [name, readDeclarations(name, await readFile(join(folder, name), 'utf8'))]
      }),
    ),
  )
  const pages = [...LIBRARY_ENTRIES].map(async ([name, { source }]): Promise<[string, string]> => {
    const about = moduleDoc(await readFile(join(root, source), 'utf8'))
    return [`${FOLDER}/${name}.md`, entryPage(name, about, files)]
  })
  return new Map([[`${FOLDER}/README.md`, overview(files)], ...(await Promise.all(pages))])
}

function overview(files: ReadonlyMap<string, DeclarationFile>): string {
  const rows = [...LIBRARY_ENTRIES.keys()].map((name) => {
    const exported = files.get(`${name}.d.ts`)?.exported.toSorted() ?? []
    return `| [\`${LIBRARY_NAME}/${name}\`](${name}.md) | ${exported.map((each) => `\`${each}\``).join(', ')} |`
  })
  return `# Every export of the library

What each is for, with files that run: [the library](../library.md), [the guard](../guard.md), [the client](../client.md). Made of the docstrings by \`npm run docs\`.

| entry | exports |
|---|---|
${rows.join('\n')}
`
}

function entryPage(name: string, about: string, files: ReadonlyMap<string, DeclarationFile>): string {
  const file = files.get(`${name}.d.ts`)
  const exported = file?.exported ?? []
  const known = reachable(`${name}.d.ts`, files)
  const own = known.filter((declaration) => exported.includes(declaration.name))
  const isValue = ({ kind }: Declaration): boolean => kind !== 'interface' && kind !== 'type'
  const needed = known.filter(
    (one) => !exported.includes(one.name) && isMentioned(one, [...own, ...known], exported),
  )
  const parts = [
    ['', own.filter(isValue)],
    ['## Types', own.filter((one) => !isValue(one))],
    ['## Types that have no name outside', needed],
  ] as const
  const sections = parts.flatMap(([heading, declarations]) =>
    declarations.length === 0
      ? []
      : [
          heading,
          ...declarations
            .toSorted((a, b) => (a.name < b.name ? -1 : 1))
            .map((one) => section(one, heading === '' ? '##' : '###')),
        ],
  )
  return `${[`# \`${LIBRARY_NAME}/${name}\``, about, ...sections, '[All entries](README.md). Made of the docstrings by `npm run docs`.'].filter((part) => part !== '').join('\n\n')}\n`
}

/** What the file declares, and what the files that it imports from do. */
function reachable(
  name: string,
  files: ReadonlyMap<string, DeclarationFile>,
  seen = new Set<string>(),
): Declaration[] {
  const file = files.get(name)
  if (file === undefined || seen.has(name)) return []
  seen.add(name)
  const others = file.imports.flatMap((from) =>
    reachable(from.replace('./', '').replace(/\.js$/, '.d.ts'), files, seen),
  )
  return [...file.declarations, ...others]
}

/** Whether an exported declaration names it, or one that is named by them. */
function isMentioned(
  { name }: Declaration,
  declarations: readonly Declaration[],
  exported: readonly string[],
  seen = new Set<string>(),
): boolean {
  seen.add(name)
  const users = declarations.filter((one) => one.name !== name && new RegExp(`\\b${name}\\b`).test(one.code))
  return users.some(
    (user) =>
      exported.includes(user.name) ||
      (!seen.has(user.name) && isMentioned(user, declarations, exported, seen)),
  )
}

function section({ name, kind, doc, code, members }: Declaration, level: string): string {
  const heading = `${level} \`${name}\``
  if (members.length === 0) return [heading, doc, codeOf(code)].filter((part) => part !== '').join('\n\n')
  const base = / extends ([\w, ]+) \{/.exec(code)?.[1]
  const kin =
    base === undefined
      ? ''
      : kind === 'class'
        ? `Extends \`${base}\`.`
        : `Has the members of \`${base}\` too.`
  const list = members.map(
    ({ signature, doc: meaning }) => `* \`${signature}\`${meaning === '' ? '' : `\\\n  ${meaning}`}`,
  )
  return [heading, doc, kin, list.join('\n')].filter((part) => part !== '').join('\n\n')
}

function codeOf(code: string): string {
  if (code.split('\n').length <= LONGEST) return `\`\`\`ts\n${code}\n\`\`\``
  const names = [...code.matchAll(/^ {2}readonly '?([\w/-]+)'?:/gm)].map(([, name]) => `\`${name}\``)
  return `A table by: ${names.join(', ')}.`
}

/** The first comment of a module. */
function moduleDoc(source: string): string {
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(source)?.[1] ?? ''
  const text = comment
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    .join('\n')
    .trim()
  return text
    .replace(/(?<!\n)\n(?!\n)/g, ' ')
    .replace(/^`signet-entra\/[\w-]+`: (.)/, (_, first: string) => first.toUpperCase())
}
