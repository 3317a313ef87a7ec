import { describe, expect, it } from 'vitest'
import { adviceOf } from '../../commands/adviceOf.ts'
import { explain } from '../../commands/explain.ts'
import { USAGE as OF_ROTATE } from '../../commands/rotate/parseRotate.ts'
import { USAGE as OF_SESSIONS } from '../../commands/sessions/runSessions.ts'
import { USAGE as OF_TPM } from '../../commands/tpm/options.ts'
import { AppError } from '../../lib/errors/appError.ts'
import { ERRORS, type ErrorCode } from '../../lib/errors/table.ts'

describe('why a command failed', () => {
  it('is said without an app or a log where settings are missing: a file of them, or the desk', () => {
    const fault = new AppError('config/invalid', { detail: 'ENTRA_TENANT_ID is not set' })
    for (const usage of [OF_ROTATE, OF_SESSIONS]) {
      const told = explain(fault, usage)
      expect(told).toContain('ENTRA_TENANT_ID is not set')
      expect(told).toMatch(/--settings <file>.*\n.*say --desk/)
      expect(told).not.toMatch(/\blog\b|does not start/)
    }
    expect(explain(fault, OF_TPM)).toContain('--settings <file>')
    expect(explain(fault, OF_TPM)).not.toContain('--desk')
  })

  it.each((Object.keys(ERRORS) as ErrorCode[]).filter((code) => code !== 'config/invalid'))(
    'by %s points to no log, which a command does not write',
    (code) => {
      expect(adviceOf(code)).not.toMatch(/\bthe log\b/)
    },
  )
})
