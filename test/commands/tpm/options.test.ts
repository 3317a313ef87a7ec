import { expect, test } from 'vitest'
import { parseCommand } from '../../../commands/tpm/options.ts'
import { UsageFault } from '../../../commands/usageFault.ts'

test('a command without more takes 2048 bits, ninety days and the usual subject', () => {
  expect(parseCommand(['create'])).toEqual({ verb: 'create', bits: 2048, subject: 'CN=Signet', days: 90 })
})

test.each([
  [[]],
  [['sign']],
  [['create', 'csr']],
  [['create', '--bits', '1024']],
  [['create', '--auth', 'secret']],
  [['create', '--auth-fd', 'secret']],
  [['certificate', '--days', '0']],
  [['certificate', '--days', '731']],
  [['certificate', '--days', '1e2']],
])('%j is refused, and nothing of it is said again', (argv) => {
  expect(() => parseCommand(argv)).toThrow(UsageFault)
  expect(() => parseCommand(argv)).not.toThrow(/secret|sign$|1024/)
})
