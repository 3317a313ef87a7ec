import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KeyRestriction, ManagementPolicy } from '../../../lib/entra/graphPolicies.ts'
import { judgeCertificate, monthsToAsk, type PoliciesSeen } from '../../../lib/rotation/policy.ts'

const DAY_MS = 86_400_000
const CREATED_MS = Date.UTC(2025, 5, 1)

const lifetime = (maxLifetime: string, change: Partial<KeyRestriction> = {}): KeyRestriction => ({
  type: 'asymmetricKeyLifetime',
  isInForce: true,
  maxLifetime,
  exemptsCallers: false,
  ...change,
})

const policy = (...restrictions: readonly KeyRestriction[]): ManagementPolicy => ({
  id: 'p',
  displayName: 'Policy',
  isEnabled: true,
  restrictions,
})

const seen = (tenant: ManagementPolicy | undefined, change: Partial<PoliciesSeen> = {}): PoliciesSeen => ({
  tenant,
  own: 'none',
  createdAtMs: CREATED_MS,
  ...change,
})

const monthsFor = (maxLifetime: string, wished = 12) =>
  judgeCertificate(seen(policy(lifetime(maxLifetime))), wished).months

describe('the months that a vault is asked for', () => {
  it.each([
    ['P365D', 11],
    ['P367D', 12],
    ['P1Y', 11],
    ['P180D', 5],
    ['P6M', 5],
    ['P90D', 2],
    ['P92D', 2],
    ['P93D', 3],
    ['P12W1D', 2],
    ['P32D', 1],
    ['P31DT1H', 1],
    ['P31DT59M', undefined],
    ['P30D', undefined],
    ['P4DT12H30M5S', undefined],
    ['PT1H', undefined],
  ])('within %s are %s', (maxLifetime, months) => {
    expect(monthsFor(maxLifetime)).toBe(months)
  })

  it('are those wished where nothing limits them, or less than the limit', () => {
    expect(monthsFor('P365D', 3)).toBe(3)
    expect(judgeCertificate(seen(policy()), 3)).toEqual({
      months: 3,
      longestMs: undefined,
      needsAuthority: false,
      doubts: [],
    })
  })

  it.each(['', 'P', 'PT', '90', 'P-1D', 'P1.5M', 'ninety days'])(
    'are none where the limit cannot be read: %j',
    (maxLifetime) => {
      expect(monthsFor(maxLifetime)).toBeUndefined()
    },
  )

  it('are never longer than allowed, whenever the vault begins', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 800 }),
        fc.integer({ min: 1, max: 24 }),
        fc.date({
          min: new Date('2026-01-01T00:00:00Z'),
          max: new Date('2033-01-01T00:00:00Z'),
          noInvalidDate: true,
        }),
        (days, wished, begin) => {
          const months = monthsFor(`P${days}D`, wished) ?? 0
          const end = new Date(begin)
          end.setUTCMonth(end.getUTCMonth() + months)
          const lifeMs = end.getTime() - begin.getTime() + 600_000
          return months === 0 || (months <= wished && lifeMs <= days * DAY_MS)
        },
      ),
    )
  })
})

describe('a restriction', () => {
  const strict = lifetime('P90D')

  it.each<[string, PoliciesSeen]>([
    ['in a policy that is off', seen({ ...policy(strict), isEnabled: false })],
    ['that is switched off itself', seen(policy({ ...strict, isInForce: false }))],
    ['for applications that are younger', seen(policy({ ...strict, fromCreationMs: CREATED_MS + 1 }))],
    ['of the tenant, where the application has a policy of its own', seen(policy(strict), { own: policy() })],
  ])('does not count %s', (_where, policies) => {
    expect(judgeCertificate(policies, 12).months).toBe(12)
  })

  it.each<[string, PoliciesSeen]>([
    ['for applications of that very moment', seen(policy({ ...strict, fromCreationMs: CREATED_MS }))],
    [
      'for applications of some age, where its age is not known',
      seen(policy({ ...strict, fromCreationMs: CREATED_MS }), { createdAtMs: undefined }),
    ],
    ['of the application’s own', seen(policy(), { own: policy(strict) })],
    [
      'of the tenant, where that of its own is off',
      seen(policy(strict), { own: { ...policy(), isEnabled: false } }),
    ],
    ['of the tenant, where that of its own cannot be read', seen(policy(strict), { own: 'not-permitted' })],
    ['from which other callers may be exempt', seen(policy({ ...strict, exemptsCallers: true }))],
    ['that is the strictest of two', seen(policy(lifetime('P365D'), strict))],
  ])('counts %s', (_where, policies) => {
    expect(judgeCertificate(policies, 12)).toMatchObject({ months: 2, longestMs: 90 * DAY_MS })
  })

  it('to authorities takes no certificate that a vault signs itself', () => {
    const authority = { type: 'trustedCertificateAuthority', isInForce: true, exemptsCallers: false }

    expect(judgeCertificate(seen(policy(authority)), 3)).toMatchObject({ months: 3, needsAuthority: true })
    expect(judgeCertificate(seen(policy({ ...authority, isInForce: false })), 3).needsAuthority).toBe(false)
  })
})

describe('what is asked of the vault', () => {
  const wish = { months: 12, isSelfSigned: true }
  const authority = { type: 'trustedCertificateAuthority', isInForce: true, exemptsCallers: false }

  it('is what the certificate’s own policy has, or fewer months', () => {
    expect(monthsToAsk(seen(undefined, { own: 'not-permitted' }), wish)).toBe(12)
    expect(monthsToAsk(seen(policy(lifetime('P180D'))), wish)).toBe(5)
    expect(monthsToAsk(seen(policy(lifetime('P180D'))), { ...wish, months: 3 })).toBe(3)
  })

  it('is nothing where a month is longer than allowed, or where the vault would sign what an authority has to', () => {
    for (const restriction of [lifetime('P30D'), lifetime('soon'), authority])
      expect(() => monthsToAsk(seen(policy(restriction)), wish)).toThrow(
        expect.objectContaining({ code: 'graph/policy_refused' }),
      )
    expect(monthsToAsk(seen(policy(authority)), { ...wish, isSelfSigned: false })).toBe(12)
  })
})

describe('what could not be read', () => {
  it.each<[readonly string[], PoliciesSeen]>([
    [['tenant-not-read', 'own-not-read'], { tenant: undefined, own: 'not-permitted' }],
    [['tenant-not-read'], { tenant: undefined, own: 'none' }],
    [[], { tenant: undefined, own: policy() }],
    [['own-not-read'], seen(policy(), { own: 'not-permitted' })],
    [['callers-exempt'], seen(policy(lifetime('P365D', { exemptsCallers: true })))],
    [
      ['unknown-restriction'],
      seen(policy({ type: 'unknownFutureValue', isInForce: true, exemptsCallers: false })),
    ],
  ])('is said: %o', (doubts, policies) => {
    expect(judgeCertificate(policies, 3).doubts).toEqual(doubts)
  })
})
