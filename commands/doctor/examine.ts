/**
 * Examines the chain that the settings describe, one check after the other. A check whose ground is missing is not made: its
 * result says which check took it away. Nothing thrown escapes, and nothing of it is shown but the code of a known fault.
 */

import type { Effects } from '../../lib/base/effects.ts'
import { readConfig } from '../../lib/config/config.ts'
import type { Environment } from '../../lib/config/settingsReader.ts'
import { asAppError } from '../../lib/errors/appError.ts'
import { commandEffects } from '../commandEffects.ts'
import { type Check, type CheckId, type CheckResult, type Finding, unknown } from './check.ts'
import { settings, settingsFault } from './checks/settings.ts'
import { CHECKS } from './checks.ts'
import { createCommands } from './commands.ts'
import { createExamination, type Examination } from './examination.ts'
import { type ExaminerIdentity, examinerIdentity } from './examinerIdentity.ts'

/** Seen of every other check where the settings make no configuration. */
export const NO_SETTINGS = 'Not examined, because "settings" failed.'

export interface ExamineOptions {
  /** Called with each result as soon as it is there. */
  readonly onResult?: (result: CheckResult) => void
  /** In place of the real ones. Nothing is logged: what there is to say is in the results. */
  readonly effects?: Partial<Omit<Effects, 'log'>>
  /** In place of the one that the environment tells. */
  readonly identity?: ExaminerIdentity
}

/** The result of every check that concerns these settings, in the order of CHECKS. Never rejects. */
export async function examine(
  env: Environment,
  { onResult, effects, identity }: ExamineOptions = {},
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = []
  function note(check: Check, finding: Finding): void {
    const result = { id: check.id, title: check.title, ...finding }
    results.push(result)
    onResult?.(result)
  }

  const commands = createCommands(env)
  let examination: Examination
  try {
    examination = createExamination({
      env,
      config: readConfig(env),
      effects: { ...commandEffects, ...effects, log: () => undefined },
      identity: identity ?? examinerIdentity(env),
      commands,
    })
  } catch (fault) {
    for (const check of CHECKS.filter(({ id }) => !id.startsWith('app-only-'))) {
      note(check, check === settings ? settingsFault(asAppError(fault), env, commands) : unknown(NO_SETTINGS))
    }
    return results
  }

  const missingGround = new Map<CheckId, string>()
  for (const check of CHECKS) {
    if (check.concerns !== undefined && !check.concerns(examination.config)) continue
    const because = check.needs.map((need) => missingGround.get(need)).find((reason) => reason !== undefined)
    const finding = because === undefined ? await examineSafely(check, examination) : unknown(because)
    if (finding.verdict !== 'pass')
      missingGround.set(check.id, because ?? notExamined(check.id, finding.verdict).seen)
    note(check, finding)
  }
  return results
}

async function examineSafely(check: Check, examination: Examination): Promise<Finding> {
  try {
    return await check.examine(examination)
  } catch (thrown) {
    const { code, context } = asAppError(thrown)
    return unknown(`The check itself could not be made (${code}: ${context.detail ?? 'no detail'}).`)
  }
}

function notExamined(ground: CheckId, verdict: 'fail' | 'unknown'): Finding {
  return unknown(
    `Not examined, because "${ground}" ${verdict === 'unknown' ? 'could not be decided' : 'failed'}.`,
  )
}
