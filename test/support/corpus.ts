import { readFileSync } from 'node:fs'

/** The lines of a file of test/corpus, cells parted by tabs: a cell in double quotes is JSON, a line that begins with "# " a comment. */
export function readCorpus(name: string): string[][] {
  return readFileSync(new URL(`../corpus/${name}`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '))
    .map((line) => line.split('\t').map((cell): string => (cell.startsWith('"') ? JSON.parse(cell) : cell)))
}
