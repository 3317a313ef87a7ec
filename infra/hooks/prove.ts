/** The last step: the doctor looks at the live chain, with a real token request whose assertion the vault signs. */
import type { CheckResult } from '../../commands/doctor/check.ts'
import { EXIT_CODES, resultText, summaryText } from '../../commands/doctor/report.ts'
import type { Deployment } from './deployment.ts'
import { HookFault } from './hookFault.ts'
import { settled } from './settled.ts'

/** New registrations and roles take minutes to spread, and a new app starts cold. */
const ATTEMPTS = 6
const PAUSE_MS = 30_000
const CONTENT: readonly number[] = [EXIT_CODES.pass, EXIT_CODES.unknown]

/**
 * Throws HookFault when a check fails, or when no token was had, which makes `azd up` fail. What else cannot be found out from here is
 * only told.
 */
export async function prove(deployment: Deployment): Promise<void> {
  const { env, run, sleep, say } = settled(deployment)
  for (let left = ATTEMPTS; ; left -= 1) {
    const { code, stdout, stderr } = await run('npm', ['run', '--silent', 'doctor', '--', '--json'], {
      AZURE_CLIENT_ID: env.SIGNET_IDENTITY_CLIENT_ID ?? '',
    })
    const results = readResults(stdout)
    // Only the app itself can show what its managed identity is worth.
    const hasToken = env.CREDENTIAL === 'managed-identity' || hasPassed(results, 'assertion')
    const isContent = CONTENT.includes(code) && hasToken
    if (isContent || left === 1) {
      say(results.length === 0 ? `${stdout}${stderr}`.trim() : reportOf(results))
      if (isContent) return
      throw new HookFault('The app is deployed, and the doctor found what is written above.', [
        'Do what it says under the first check that did not pass. To look again: azd hooks run postdeploy',
      ])
    }
    say('Not everything has spread yet; looking again in half a minute.')
    await sleep(PAUSE_MS)
  }
}

/** The checks of the doctor's report; none where it wrote none. */
function readResults(json: string): readonly CheckResult[] {
  try {
    const { checks } = JSON.parse(json) as { checks?: unknown }
    return Array.isArray(checks) ? (checks as readonly CheckResult[]) : []
  } catch {
    return []
  }
}

function hasPassed(results: readonly CheckResult[], wanted: CheckResult['id']): boolean {
  return results.some(({ id, verdict }) => id === wanted && verdict === 'pass')
}

function reportOf(results: readonly CheckResult[]): string {
  return [...results.map(resultText), '', summaryText(results)].join('\n')
}
