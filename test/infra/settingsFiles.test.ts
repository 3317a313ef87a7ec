/** The doctor reads by the app's own lines what a file gives it: each spelling comes out of a file as it would stand in the environment. */
import { expect, it } from 'vitest'
import { readSettingsFile } from '../../lib/config/settingsFile.ts'
import { SHARED } from './sharedSettings.ts'

const WRITERS: Readonly<Record<string, (name: string, value: string) => string>> = {
  azd: (name, value) =>
    `${name}="${value
      .replace(/["\\$`!]/g, '\\$&')
      .replaceAll('\n', '\\n')
      .replaceAll('\r', '\\r')}"`,
  sh: (name, value) => `export ${name}='${value.replaceAll("'", "'\\''")}'`,
  PowerShell: (name, value) => `$env:${name} = '${value.replaceAll("'", "''")}'`,
}

it.each(SHARED.flatMap((setting) => Object.keys(WRITERS).map((writer) => ({ ...setting, writer }))))(
  '$name comes out of a file of $writer as it went in, however it is spelt',
  ({ name, writer, harmless, doubtful }) => {
    for (const spelling of [...harmless, ...doubtful, '', ' ']) {
      const file = WRITERS[writer]?.(name, spelling) ?? ''
      // The end of a line is the platform's own.
      const value = spelling.replace(/\r\n?/g, writer === 'azd' ? '$&' : '\n')
      expect(readSettingsFile(Buffer.from(`${file}\r\n`))).toEqual({
        settings: { [name]: value },
        passedOver: [],
      })
    }
  },
)
