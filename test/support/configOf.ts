import { type Config, readConfig } from '../../lib/config/config.ts'
import type { SettingName } from '../../lib/config/settings.ts'
import type { Guid } from '../../lib/config/settingsReader.ts'

export const TENANT = '7e4a4711-2222-4333-8444-55555555abcd' as Guid
export const OTHER_TENANT = '07e4e400-8888-4777-8666-55555555abcd' as Guid
export const CLIENT = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee' as Guid

export type Settings = Partial<Record<SettingName, string>>

/** The least that has to be set. */
export const NEEDED = {
  ENTRA_TENANT_ID: TENANT,
  ENTRA_CLIENT_ID: CLIENT,
  PUBLIC_URL: 'https://app.example',
  KEY_VAULT_URL: 'https://vault.example',
  SESSION_TABLES_URL: 'https://tables.example',
} as const satisfies Settings

/** A Config from the least that has to be set and what the test adds. */
export function configOf(settings: Settings = {}): Config {
  return readConfig({ ...NEEDED, ...settings })
}
