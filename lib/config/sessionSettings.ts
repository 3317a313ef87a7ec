/** Settings of sessions: where they are kept, how long they last, and whether they are bound to a device. */
import type { Setting } from './setting.ts'

export const SESSION_SETTINGS = [
  {
    name: 'SESSION_TABLES_URL',
    required: 'yes',
    defaultValue: '',
    meaning: 'Table endpoint of the storage account, e.g. `https://contoso.table.core.windows.net`',
  },
  {
    name: 'SESSION_IDLE_MINUTES',
    required: 'no',
    defaultValue: '60',
    meaning: 'A session ends after so long without use (5 to 1440)',
  },
  {
    name: 'SESSION_ABSOLUTE_MINUTES',
    required: 'no',
    defaultValue: '480',
    meaning: 'A session ends so long after sign-in, whatever happens (10 to 10080)',
  },
  {
    name: 'SESSION_DEVICE_BINDING',
    required: 'no',
    defaultValue: 'offer',
    meaning:
      '[Device-bound sessions](docs/device-binding.md): `offer` binds where the browser can, `require` ends sessions that are not bound within a minute, `off` neither offers nor asks',
  },
] as const satisfies readonly Setting[]
