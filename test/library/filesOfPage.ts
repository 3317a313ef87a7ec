/** The files that a page prints whole: each begins with its name, `// api.js`. */
import { readFileSync } from 'node:fs'

const FILE = /^```js\n\/\/ (\w+\.js)\n([\s\S]*?)^```$/gm

/** Names and texts, in the order of the page. `page`: from the root of the project. */
export function filesOfPage(page: string): ReadonlyMap<string, string> {
  const found = [...readFileSync(page, 'utf8').matchAll(FILE)]
  return new Map(found.map(([, name = '', code = '']) => [name, code]))
}
