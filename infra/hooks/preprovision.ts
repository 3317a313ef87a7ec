/** azd runs this. Looks before anything is created. */
import { prepare } from './prepare.ts'
import { runHook } from './runHook.ts'

await runHook(prepare)
