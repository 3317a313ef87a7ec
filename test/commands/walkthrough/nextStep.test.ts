import { expect, test } from 'vitest'
import { claimRemarks } from '../../../commands/walkthrough/claimRemarks.ts'
import { nextStep } from '../../../commands/walkthrough/nextStep.ts'

const LOOK_UP = 'Look up the trace id in the sign-in logs of the tenant.'

test.each([
  ['invalid_grant', 'AADSTS54005: redeemed', /one redemption/],
  ['invalid_grant', 'AADSTS99999999: something new', /^Run the walkthrough again/],
  ['something_new', '', LOOK_UP],
  ['constructor', '', LOOK_UP],
  ['__proto__', 'AADSTS1234', LOOK_UP],
])('after %s, %s there is a next step', (error, description, step) => {
  if (typeof step === 'string') expect(nextStep(error, description)).toBe(step)
  else expect(nextStep(error, description)).toMatch(step)
})

test.each(['constructor', '7', undefined])('azpacr %s is a value that is not documented', (azpacr) => {
  expect(claimRemarks({ azpacr }).get('azpacr')).toBe('a value that is not documented')
})
