/** The settings that a command works with: those of the environment, and over them those of a file. */
import { readFileSync } from 'node:fs'
import { readSettingsFile, type SettingsFile } from '../lib/config/settingsFile.ts'
import type { Environment } from '../lib/config/settingsReader.ts'
import { withoutOuterSpace } from '../lib/config/settingText.ts'
import { AppError } from '../lib/errors/appError.ts'

/** A sentence on why a file gives no settings. */
export class SettingsFault extends Error {}

/** Throws SettingsFault for a file that cannot be read; tells `warn` of lines that set nothing, by their numbers. */
export function settingsFrom(
  file: string | undefined,
  env: Environment,
  warn: (sentence: string) => void,
): Environment {
  if (file === undefined) return withIdentity(env)
  const { settings, passedOver } = readFile(file)
  if (passedOver.length > 0) warn(`No setting, and passed over: line ${passedOver.join(', ')} of ${file}.`)
  return withIdentity({ ...env, ...settings })
}

function readFile(file: string): SettingsFile {
  try {
    return readSettingsFile(readFileSync(file))
  } catch (cause) {
    const what = cause instanceof AppError ? cause.context.detail : 'cannot be read'
    throw new SettingsFault(`The file ${file} ${what}.`, { cause })
  }
}

/** What the templates give is named so that no SDK in a hook takes it for its own; the app's setting is another. */
function withIdentity(env: Environment): Environment {
  const { AZURE_CLIENT_ID = '', SIGNET_IDENTITY_CLIENT_ID } = env
  return withoutOuterSpace(AZURE_CLIENT_ID) !== '' || !SIGNET_IDENTITY_CLIENT_ID
    ? env
    : { ...env, AZURE_CLIENT_ID: SIGNET_IDENTITY_CLIENT_ID }
}
