/** `npm run docs`: writes the pages and pictures that are made of the source. A test fails where what is there differs from it. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { optionsOf } from '../optionsOf.ts'
import { pictures } from './drawings/pictures.ts'
import { errorPages } from './errorPages.ts'
import { referencePages } from './reference/referencePages.ts'

optionsOf({})
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const made = new Map([...errorPages(ROOT), ...pictures(), ...(await referencePages(ROOT))])
/** What lies here is made here, all of it. */
for (const folder of ['docs/errors', 'docs/pictures', 'docs/reference'])
  rmSync(join(ROOT, folder), { recursive: true, force: true })
for (const [path, text] of made) {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true })
  writeFileSync(join(ROOT, path), text)
}
console.log(`${made.size} files written below docs/.`)
