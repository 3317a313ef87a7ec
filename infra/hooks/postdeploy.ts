/** azd runs this. Fills the front end, where there is one, and proves the deployment. */
import { fillFrontEnd } from './frontEnd.ts'
import { prove } from './prove.ts'
import { runHook } from './runHook.ts'

await runHook(async (deployment) => {
  await fillFrontEnd(deployment)
  await prove(deployment)
})
