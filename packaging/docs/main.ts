/** `npm run docs`: writes the pages and pictures that are made of the source. A test fails where what is there differs from it. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { errorPages } from './errorPages.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

rmSync(join(ROOT, 'docs/errors'), { recursive: true, force: true })
const made = new Map([...errorPages(ROOT)])
for (const [path, text] of made) {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true })
  writeFileSync(join(ROOT, path), text)
}
console.log(`${made.size} files written below docs/.`)
