/** What a refused caller reads: enough to know what to do, and nothing of the token. */
import { describe, expect, it } from 'vitest'
import { REFUSALS, type RefusalReason, refuse } from '../../lib/guard/refusal.ts'
import { judgeTwelve } from './twelveTokens.ts'

const REASONS = Object.keys(REFUSALS) as RefusalReason[]
const context = { realm: 'orders', authorizationUri: 'https://login.example/authorize' }

describe('a refusal', () => {
  it('has words of its own for every reason', () => {
    expect(new Set(REASONS.map((reason) => REFUSALS[reason].message)).size).toBe(REASONS.length)
  })

  it.each(REASONS)(
    'of %s says the same in the challenge as in the body, in the characters of RFC 6750',
    (reason) => {
      const { headers, jsonBody, status } = refuse(reason, context)
      const { message, error } = { error: undefined, ...REFUSALS[reason] }

      expect(jsonBody.message).toBe(message)
      expect(message).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/)
      if (status !== 503 && error !== undefined)
        expect(headers['www-authenticate']).toContain(`error="${error}", error_description="${message}"`)
    },
  )

  it('tells an expired token from a foreign and a badly signed one, and repeats nothing of any', async () => {
    const refused = (await judgeTwelve()).flatMap(({ decision }) =>
      decision.kind === 'refused' ? [decision] : [],
    )
    const saidOf = (reason: RefusalReason) =>
      refused.find((one) => one.reason === reason)?.headers['www-authenticate'] ?? ''

    expect(saidOf('expired')).toContain('error_description="The token has expired."')
    expect(saidOf('wrong_tenant')).toContain('error_description="The tenant is not accepted here."')
    expect(saidOf('wrong_audience')).toContain('error_description="The token is for another API."')
    expect(saidOf('bad_signature')).toContain('error_description="The signature does not hold."')
    for (const { reason, jsonBody } of refused)
      expect(jsonBody.message, reason).toBe(REFUSALS[reason].message)
  })
})
