/** azd runs this. Makes the package. */
import { pack } from './pack.ts'
import { runHook } from './runHook.ts'

await runHook(pack)
