/** The last step: the doctor looks at the live chain, with a real token request whose assertion the vault signs. */
import { EXIT_CODES } from '../../lib/doctor/report.ts'
import type { Deployment } from './deployment.ts'
import { HookFault } from './hookFault.ts'

/** New registrations and roles take minutes to spread, and a new app starts cold. */
const ATTEMPTS = 6
const PAUSE_MS = 30_000
const CONTENT: readonly number[] = [EXIT_CODES.pass, EXIT_CODES.unknown]

/** Throws HookFault when a check fails, which makes `azd up` fail. What cannot be found out from here is only told. */
export async function prove({ env, run, sleep, say }: Deployment): Promise<void> {
  for (let left = ATTEMPTS; ; left -= 1) {
    const { code, stdout, stderr } = await run('npm', ['run', '--silent', 'doctor'], {
      AZURE_CLIENT_ID: env.SIGNET_IDENTITY_CLIENT_ID ?? '',
    })
    const isContent = CONTENT.includes(code)
    if (isContent || left === 1) {
      say(`${stdout}${stderr}`.trim())
      if (isContent) return
      throw new HookFault('The app is deployed, and the doctor found what is written above.', [
        'Do what it says under the first failed check. To look again: azd hooks run postdeploy',
      ])
    }
    say('Not everything has spread yet; looking again in half a minute.')
    await sleep(PAUSE_MS)
  }
}
