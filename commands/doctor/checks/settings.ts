/** Whether the settings make a configuration; asked before anything else, because everything else needs one. */
import { SETTINGS } from '../../../lib/config/settings.ts'
import type { Environment } from '../../../lib/config/settingsReader.ts'
import { withoutOuterSpace } from '../../../lib/config/settingText.ts'
import type { AppError } from '../../../lib/errors/appError.ts'
import { type Check, type Finding, fail, pass } from '../check.ts'
import type { Commands } from '../commands.ts'

const REQUIRED = SETTINGS.filter(({ required }) => required === 'yes').map(({ name }) => name)

/** Without a fault, for `readConfig` has judged before an examination exists. */
export const settings: Check = {
  id: 'settings',
  title: 'The settings are complete and valid',
  method:
    'Reads the environment as the app does at its start, and names every fault by setting, never by value.',
  needs: [],
  async examine({ config }) {
    return pass(`Complete and valid, for client ${config.clientId} and the app at ${config.app.origin}.`)
  },
}

/** The finding for `config/invalid`: what it says of each setting. */
export function settingsFault({ context }: AppError, env: Environment, commands: Commands): Finding {
  const faults = (context.detail ?? '').split('; ')
  const hasNone = REQUIRED.every((name) => withoutOuterSpace(env[name] ?? '') === '')
  if (hasNone) {
    const seen = `None of the required settings is in the environment: ${REQUIRED.join(', ')}.`
    return fail(seen, commands.readSettings())
  }
  const known = SETTINGS.map(({ name }) => name as string)
  const names = faults.map((fault) => fault.split(' ')[0] ?? '').filter((name) => known.includes(name))
  return fail(`${faults.join('; ')}.`, commands.setSettings([...new Set(names)]))
}
