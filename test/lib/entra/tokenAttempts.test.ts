import { describe, expect, it } from 'vitest'
import { createTokenAttempts } from '../../../lib/entra/tokenAttempts.ts'
import { AppError } from '../../../lib/errors/appError.ts'
import { ERRORS, type ErrorCode } from '../../../lib/errors/table.ts'

const MINUTE_MS = 60_000
const STAYS: readonly ErrorCode[] = ['entra/client_rejected', 'entra/unavailable', 'entra/malformed_response']
const HEALS: readonly ErrorCode[] = ['entra/grant_rejected', 'entra/interaction_required', 'entra/no_access']
const codes = Object.keys(ERRORS) as ErrorCode[]

function world() {
  const clock = { ms: Date.parse('2026-11-26T03:00:00Z') }
  const attempts = createTokenAttempts({ now: () => clock.ms })
  const standing = () => attempts.standingFault()?.code
  return { attempts, clock, standing }
}

describe('the last attempts', () => {
  it('speak against the next one where the client was refused or the endpoint did not answer, and by no other fault', () => {
    for (const code of codes) {
      const { attempts, standing } = world()
      attempts.failed(new AppError(code))
      expect(standing()).toBe(STAYS.includes(code) ? code : undefined)
    }
  })

  it('heal by a success and by an answer about the grant: no other fault clears what is known', () => {
    for (const code of codes.filter((one) => !STAYS.includes(one))) {
      const { attempts, standing } = world()
      attempts.failed(new AppError('entra/client_rejected'))
      attempts.failed(new AppError(code))
      expect([code, standing()]).toEqual([code, HEALS.includes(code) ? undefined : 'entra/client_rejected'])
      attempts.succeeded()
      expect(standing()).toBeUndefined()
    }
  })

  it('heal by a fault of one grant, whatever its code: a person whom Entra throttles takes no instance out', () => {
    const { attempts, standing } = world()
    attempts.failed(new AppError('entra/unavailable', { ofGrant: true }))
    expect(standing()).toBeUndefined()
    attempts.failed(new AppError('entra/client_rejected'))
    attempts.failed(new AppError('entra/unavailable', { ofGrant: true }))
    expect(standing()).toBeUndefined()
  })

  it('are not moved by a fault that nobody foresaw', () => {
    const { attempts, standing } = world()
    attempts.failed(new TypeError('x'))
    expect(standing()).toBeUndefined()
  })

  it('count for five minutes from the last of them, and not longer on a clock that was set back', () => {
    const { attempts, clock, standing } = world()
    attempts.failed(new AppError('entra/unavailable'))
    clock.ms += 4 * MINUTE_MS
    attempts.failed(new AppError('entra/client_rejected'))
    clock.ms += 5 * MINUTE_MS - 1
    expect(standing()).toBe('entra/client_rejected')
    clock.ms += 1
    expect(standing()).toBeUndefined()
    clock.ms -= 60 * MINUTE_MS
    expect(standing()).toBeUndefined()
  })
})
