import { describe, expect, test } from 'vitest'
import { claimRemarks } from '../../../commands/walkthrough/claimRemarks.ts'
import { faultAdvice } from '../../../commands/walkthrough/faultAdvice.ts'
import { nextStep } from '../../../commands/walkthrough/nextStep.ts'
import { AppError } from '../../../lib/errors/appError.ts'
import { ERRORS, type ErrorCode } from '../../../lib/errors/table.ts'

const LOOK_UP = 'Look it up in the sign-in logs of the tenant, by the time and the client id.'

test.each([
  ['invalid_grant', 'AADSTS54005: redeemed', /one redemption/],
  ['invalid_grant', 'AADSTS99999999: something new', /^Run the walkthrough again/],
  ['something_new', '', LOOK_UP],
  ['constructor', '', LOOK_UP],
  ['__proto__', 'AADSTS1234', LOOK_UP],
])('after %s, %s there is a next step', (error, description, step) => {
  if (typeof step === 'string') expect(nextStep(error, description, 'code')).toBe(step)
  else expect(nextStep(error, description, 'code')).toMatch(step)
})

test.each([
  ['access_denied', '53003', /Conditional Access.*somebody else.*policy/],
  ['invalid_grant', '50057', /somebody else/],
  ['access_denied', '50020', /somebody else/],
  ['access_denied', '', /somebody else/],
  ['consent_required', '90094', /administrator/],
])('after %s, %s the same walk again could never work, and is not what it says', (error, number, step) => {
  const told = nextStep(error, number === '' ? '' : `AADSTS${number}: no`, 'authorization')
  expect(told).toMatch(step)
  expect(told).not.toContain('Run the walkthrough again')
})

test('an unknown refusal is looked up by its trace id where it has one', () => {
  expect(nextStep('new', 'AADSTS1: no. Trace ID: 0', 'code')).toContain('by the trace id')
})

test.each([
  ['invalid_scope', 'AADSTS70011: no such scope'],
  ['invalid_resource', 'AADSTS500011: no such principal'],
  ['invalid_scope', ''],
])(
  'after %s, %s of client credentials the step speaks of the app’s own API, not of ENTRA_SCOPES',
  (error, description) => {
    expect(nextStep(error, description, 'client credentials')).toMatch(/Expose an API/)
    expect(nextStep(error, description, 'code')).toMatch(/ENTRA_SCOPES/)
  },
)

test('a number that all requests share keeps its step', () => {
  expect(nextStep('invalid_client', 'AADSTS700027', 'client credentials')).toMatch(/Upload it/)
})

describe('when the walk itself fails', () => {
  const CODES = Object.keys(ERRORS) as ErrorCode[]

  test('somebody at a terminal is told of the Azure CLI, the managed identity is told of itself', () => {
    const of = (code: ErrorCode, isInAzure: boolean) => faultAdvice(new AppError(code), { isInAzure })

    expect(of('identity/unavailable', false)).toContain('az login')
    expect(of('identity/unavailable', true)).toBe(ERRORS['identity/unavailable'].operatorAction)
    expect(of('vault/forbidden', false)).toContain('whoever the Azure CLI is signed in as')
    expect(of('vault/forbidden', true)).toBe(ERRORS['vault/forbidden'].operatorAction)
  })

  /** What can go wrong before Entra has answered: settings, identity, vault, the way to Entra. */
  const MET = CODES.filter((code) =>
    /^(config|vault|identity|bug)\/|^entra\/(unavailable|malformed_response|metadata_mismatch)$/.test(code),
  )

  test.each(MET)('%s speaks of no app that does not start, of no log and of no correlation id', (code) => {
    const advice = faultAdvice(new AppError(code), { isInAzure: false })
    expect(advice).not.toMatch(/does not start|\blog\b|correlation/)
  })
})

test.each(['constructor', '7', undefined])('azpacr %s is a value that is not documented', (azpacr) => {
  expect(claimRemarks({ azpacr }).get('azpacr')).toBe('a value that is not documented')
})
