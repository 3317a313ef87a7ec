/** azd runs this. Proves the deployment. */
import { prove } from './prove.ts'
import { runHook } from './runHook.ts'

await runHook(prove)
