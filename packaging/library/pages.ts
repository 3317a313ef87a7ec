/** What people read of the library where it is installed: its pages, with links among themselves and none that lead nowhere. */
import { readdir, readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'

const README = 'docs/library.md'
const REFERENCE = 'docs/reference'

/** The pages by their paths in the package. */
export async function travellingPages(root: string): Promise<ReadonlyMap<string, string>> {
  const reference = await readdir(join(root, REFERENCE))
  const paths = ['docs/guard.md', 'docs/client.md', ...reference.map((name) => `${REFERENCE}/${name}`)]
  const travels = new Map([[README, 'README.md'], ...paths.map((path): [string, string] => [path, path])])
  const pages = [...travels].map(async ([from, to]): Promise<[string, string]> => {
    return [to, travellingPage(await readFile(join(root, from), 'utf8'), from, travels)]
  })
  return new Map(await Promise.all(pages))
}

/**
 * The same page at the path that `travels` has for it: a link to a page that travels too leads there, and of any other the words stay.
 * Pure.
 */
export function travellingPage(text: string, from: string, travels: ReadonlyMap<string, string>): string {
  const to = travels.get(from) ?? from
  return text.replace(/\[([^\]]+)\]\((?!https?:)([^)#\s]*)(#[^)\s]*)?\)/g, (_, words, path, anchor = '') => {
    if (path === '') return `[${words}](${anchor})`
    const target = travels.get(posix.join(posix.dirname(from), path))
    if (target === undefined) return words
    return `[${words}](${posix.relative(posix.dirname(to), target)}${anchor})`
  })
}
