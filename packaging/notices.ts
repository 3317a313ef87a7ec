/** The licences of everything that is in the bundle, as their terms ask: the bundle itself carries no comment any more. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Package {
  readonly name: string
  readonly version: string
  readonly licence: string
  readonly text: string
}

const LICENCE_FILE = /^(licen[cs]e|notice|copying)(\.|-|$)/i
const RULE = '-'.repeat(80)
const INTRODUCTION =
  'The file dist/app.cjs contains the following packages, in whole or in part, under the licences below.'

/** The notices for the packages that these files belong to, in an order that depends on nothing else. */
export function noticesFor(contents: readonly string[], root: string): string {
  const folders = new Set(
    contents.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  )
  const packages = [...folders].map((folder) => readPackage(join(root, folder)))
  const namesByText = new Map<string, Set<string>>()
  for (const { name, version, licence, text } of packages) {
    const names = namesByText.get(text) ?? new Set()
    namesByText.set(text, names.add(`${name} ${version} (${licence})`))
  }
  const sections = [...namesByText].map(([text, names]) => `${[...names].sort().join('\n')}\n\n${text}`)
  return `${[INTRODUCTION, ...sections.sort()].join(`\n\n${RULE}\n`)}\n`
}

function readPackage(folder: string): Package {
  const { name, version, license, author, repository } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  )
  const files = readdirSync(folder).filter((file) => LICENCE_FILE.test(file))
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8'))
  const text = texts.map((one) => one.replaceAll('\r\n', '\n').trim()).join('\n\n')
  return {
    name,
    version,
    licence: license ?? 'see below',
    text: text === '' ? declaration({ name, license, author, repository }) : text,
  }
}

interface Declared {
  readonly name: string
  readonly license?: string
  readonly author?: string | { readonly name: string }
  readonly repository?: string | { readonly url: string }
}

/** For a package that comes without the text of its licence. Throws where it does not even name one. */
function declaration({ name, license, author, repository }: Declared): string {
  if (license === undefined) throw new Error(`The package ${name} declares no licence.`)
  const by = typeof author === 'object' ? author.name : (author ?? 'its authors')
  const from = typeof repository === 'object' ? repository.url : (repository ?? 'an unnamed place')
  return `Copyright ${by}. The package declares the licence ${license} and comes without its text; it is published from ${from}.`
}
