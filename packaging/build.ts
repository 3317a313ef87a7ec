/** `npm run build`: the bundle of the functions, at dist/app.cjs. One that cannot be built leaves the old one in place. */
import { join } from 'node:path'
import { bundleApp, ROOT } from './bundle.ts'
import { optionsOf } from './optionsOf.ts'
import { writeWhole } from './writeWhole.ts'

optionsOf({})
const { code } = await bundleApp()
await writeWhole(join(ROOT, 'dist/app.cjs'), code)
