/** The last step: the doctor looks at the live chain, with a real token request whose assertion the vault signs. */
import type { Deployment } from './deployment.ts'
import { HookFault } from './hookFault.ts'

/** New registrations and roles take minutes to spread, and a new app starts cold. */
const ATTEMPTS = 6
const PAUSE_MS = 30_000

/** Throws HookFault when the doctor is not content, which makes `azd up` fail. */
export async function prove({ env, run, sleep, say }: Deployment): Promise<void> {
  for (let left = ATTEMPTS; ; left -= 1) {
    const examined = await run('npm', ['run', '--silent', 'doctor'], {
      AZURE_CLIENT_ID: env.SIGNET_IDENTITY_CLIENT_ID ?? '',
    })
    if (examined.code === 0 || left === 1) {
      say(`${examined.stdout}${examined.stderr}`.trim())
      if (examined.code === 0) return
      throw new HookFault('The app is deployed, and the doctor found what is written above.', [
        'Do what it says under the first failed check, then: azd deploy (or azd hooks run postdeploy, to look again)',
      ])
    }
    say('Not everything has spread yet; looking again in half a minute.')
    await sleep(PAUSE_MS)
  }
}
