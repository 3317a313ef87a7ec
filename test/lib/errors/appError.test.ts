import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError, asAppError, metBy, withReturnTo } from '../../../lib/errors/appError.ts'
import { ERRORS, type ErrorCode } from '../../../lib/errors/table.ts'

const CODES = Object.keys(ERRORS) as ErrorCode[]
/** Words that mean something to us and nothing to the person who reads them. */
const JARGON =
  /token|oauth|openid|oidc|aadsts|key vault|vault|jwt|nonce|\bstate\b|pkce|assertion|certificate|tenant|entra|https?|null|undefined|\d{3}/i

describe('every row of the table', () => {
  it.each(CODES)('%s names its module, who has to act and what both sides read', (code) => {
    const row = new AppError(code).row

    expect(code).toMatch(/^[a-z]+\/[a-z_]+$/)
    expect(['user', 'forged', 'upstream', 'setup', 'bug']).toContain(row.kind)
    expect(['startAgain', 'busy', 'ourFault', 'noAccess', 'cancelled']).toContain(row.screen)
    expect(row.operatorAction).toMatch(/^[A-Z].*\.$/)
    expect(row.userText).toMatch(/^[A-Z].*\.$/)
    expect(row.userText.length).toBeLessThanOrEqual(160)
  })

  it.each(CODES)('%s speaks to a person without jargon', (code) => {
    expect(ERRORS[code].userText).not.toMatch(JARGON)
  })

  it.each(CODES)('%s has the status that its kind allows', (code) => {
    const { kind, status, screen } = new AppError(code).row

    // An API that answers wrongly will not answer otherwise in a moment.
    if (kind === 'upstream' && status === 502) expect(screen).toBe('ourFault')
    else if (kind === 'upstream') expect([status, screen]).toEqual([503, 'busy'])
    else if (kind === 'setup' || kind === 'bug') expect([status, screen]).toEqual([500, 'ourFault'])
    else if (screen === 'cancelled') expect(status).toBe(200)
    else expect([400, 401, 403, 404, 405, 411, 413, 415, 429, 431]).toContain(status)
  })

  it.each(CODES)('%s promises another try only where time may help', (code) => {
    const { screen, userText } = new AppError(code).row

    expect(/try again in a moment/.test(userText)).toBe(screen === 'busy')
  })
})

/** Said only on the way to a session; everything else is also met by somebody who has one. */
const OF_SIGN_IN =
  /^(callback|login)\/|^entra\/(cancelled|sign_in_refused|grant_rejected|interaction_required|id_token_rejected)$|^session\/(required|not_found)$/

describe('a person who is signed in', () => {
  it.each(CODES.filter((code) => !OF_SIGN_IN.test(code)))(
    'reads of no sign-in that went wrong: %s',
    (code) => {
      expect(ERRORS[code].userText).not.toMatch(/sign-in|sign in\b/i)
    },
  )
})

describe('the text of a fault', () => {
  it('goes on with what the row says of the broken rule, and with nothing where it says nothing', () => {
    const { userText } = ERRORS['entra/id_token_rejected']
    const said = (rule?: string) =>
      new AppError('entra/id_token_rejected', rule === undefined ? {} : { rule }).userText

    expect(said('exp')).toMatch(/^.+ Its time is wrong/)
    for (const rule of [undefined, '', 'sub', 'constructor', '__proto__']) expect(said(rule)).toBe(userText)
    expect(new AppError('vault/timeout', { rule: 'exp' }).userText).toBe(ERRORS['vault/timeout'].userText)
  })

  it.each(CODES)('%s, with any rule, is as short and plain as without', (code) => {
    const row = new AppError(code).row
    for (const rule of Object.keys(row.userTextOfRule ?? {})) {
      expect(row.userTextOfRule?.[rule]).toMatch(/^[A-Z].*\.$/)
      const text = new AppError(code, { rule }).userText
      expect(text).not.toMatch(JARGON)
      expect(text.length).toBeLessThanOrEqual(200)
    }
  })
})

describe('who meets a fault', () => {
  const away = new AppError('session/store_unavailable', { detail: 'status 503' })

  it.each(['signed-in', 'signing-in'] as const)('%s: chooses the words, and changes nothing else', (who) => {
    const { code, context, userText } = metBy(away, () => who)
    expect([code, context.detail, userText]).toEqual([
      away.code,
      'status 503',
      `${away.userText} ${ERRORS['session/store_unavailable'].userTextOfRule[who]}`,
    ])
  })

  it('is not asked where the row has no words for it, and says nothing where a rule was broken', () => {
    const bug = asAppError(new TypeError('x'))
    expect(metBy(bug, () => expect.fail('asked'))).toBe(bug)
    const refused = new AppError('entra/id_token_rejected', { rule: 'exp' })
    expect(metBy(refused, () => 'signed-in')).toBe(refused)
    expect(metBy(away, () => undefined)).toBe(away)
  })

  it.each(CODES)('%s tells nobody that they are still signed in who may never have been', (code) => {
    const { userText } = ERRORS[code]
    const isOfASession = ['session/newer_record', 'session/device_proof_required'].includes(code)
    expect(/not been signed out/.test(userText)).toBe(isOfASession)
  })
})

describe('AppError', () => {
  it('carries code and detail in its message, for the log', () => {
    expect(new AppError('vault/timeout').message).toBe('vault/timeout')
    expect(new AppError('vault/timeout', { detail: 'after 2 s' }).message).toBe('vault/timeout: after 2 s')
  })

  it('keeps its cause', () => {
    const cause = new Error('below')

    expect(new AppError('vault/timeout', { cause }).cause).toBe(cause)
  })
})

describe('asAppError', () => {
  it('leaves an AppError as it is', () => {
    const error = new AppError('entra/cancelled')

    expect(asAppError(error)).toBe(error)
  })

  it('makes a bug of anything else, and repeats nothing of what it said', () => {
    fc.assert(
      fc.property(fc.anything(), fc.string({ minLength: 12 }), (thrown, message) => {
        for (const fault of [thrown, new Error(message), new TypeError(message), message]) {
          const { code, context } = asAppError(fault)
          expect(code).toBe('bug/unexpected')
          expect(context.detail).toMatch(/^\w+$/)
          expect(context.cause).toBe(fault)
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('withReturnTo', () => {
  it('adds the way back and keeps the rest', () => {
    const cause = new Error('below')
    const fault = new AppError('vault/throttled', { cause, detail: 'vault', retryAfterSec: 7 })

    const { code, context } = withReturnTo(fault, '/orders')

    expect(code).toBe('vault/throttled')
    expect(context).toEqual({ cause, detail: 'vault', retryAfterSec: 7, returnTo: '/orders' })
  })

  it('makes a bug of what has no code', () => {
    expect(withReturnTo(new RangeError('x'), '/').code).toBe('bug/unexpected')
  })
})
