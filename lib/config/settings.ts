/** The closed table of settings: names, defaults and meanings. README shows it; every reader goes through it. */
import { API_SETTINGS } from './apiSettings.ts'
import { CREDENTIAL_SETTINGS } from './credentialSettings.ts'
import { DIRECTORY_SETTINGS } from './directorySettings.ts'
import { FRONT_END_SETTINGS } from './frontEndSettings.ts'
import { SESSION_SETTINGS } from './sessionSettings.ts'
import type { Setting } from './setting.ts'

export const SETTINGS = [
  ...DIRECTORY_SETTINGS,
  {
    name: 'PUBLIC_URL',
    required: 'yes',
    defaultValue: '',
    meaning: 'Origin under which browsers reach the app, e.g. `https://app.contoso.com`',
  },
  {
    name: 'BASE_PATH',
    required: 'no',
    defaultValue: '',
    meaning:
      'Path that all routes lie below, e.g. `/api` behind a [static web app](docs/front-end.md#a-mount-path); redirect URIs follow it',
  },
  ...CREDENTIAL_SETTINGS,
  ...SESSION_SETTINGS,
  ...API_SETTINGS,
  ...FRONT_END_SETTINGS,
  {
    name: 'HELP_URL',
    required: 'no',
    defaultValue: '',
    meaning:
      'Where a screen of a fault leads people on, with `{code}` and `{correlationId}` in place: a help desk, or a copy of [these pages](docs/errors/README.md), as in `https://help.contoso.com/signet/{code}?id={correlationId}`',
  },
] as const satisfies readonly Setting[]

export type SettingName = (typeof SETTINGS)[number]['name']

/** By name; empty where there is none. */
export const SETTING_DEFAULTS: Readonly<Record<string, string>> = Object.fromEntries(
  SETTINGS.map(({ name, defaultValue }) => [name, defaultValue]),
)
