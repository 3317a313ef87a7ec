import { describe, expect, test } from 'vitest'
import { certificateMonths } from '../../infra/hooks/certificateMonths.ts'
import { HookFault } from '../../infra/hooks/hookFault.ts'

const READS = { readsPolicy: true }
const LIFETIME = { restrictionType: 'asymmetricKeyLifetime', state: 'enabled' }

/** An Azure CLI whose account reads that policy, or may not. */
function open(keyCredentials: readonly object[] | 'denied', env: Record<string, string> = {}) {
  const said: string[] = []
  const asked: string[] = []
  const deployment = {
    env,
    say: (line: string) => void said.push(line),
    run: async (_program: string, args: readonly string[]) => {
      asked.push(args.join(' '))
      return keyCredentials === 'denied'
        ? { code: 1, stdout: '', stderr: 'Forbidden({"error":{"code":"Authorization_RequestDenied"}})' }
        : {
            code: 0,
            stdout: JSON.stringify({ id: 'p', isEnabled: true, applicationRestrictions: { keyCredentials } }),
            stderr: '',
          }
    },
  } as unknown as Parameters<typeof certificateMonths>[0]
  return { deployment, said, asked }
}

describe('a certificate is made for', () => {
  test.each<[number, Record<string, string>]>([
    [3, { ROTATION: 'register' }],
    [3, { ROTATION: 'auto' }],
    [12, { ROTATION: 'manual' }],
    [1, { SIGNET_CERTIFICATE_MONTHS: '1' }],
    [24, { SIGNET_CERTIFICATE_MONTHS: '24', ROTATION: 'manual' }],
  ])('%i months with %o', async (months, env) => {
    expect(await certificateMonths(open([], env).deployment, READS)).toBe(months)
    expect(await certificateMonths(open('denied', env).deployment, READS)).toBe(months)
  })

  test('what was asked for, without a look at the directory, where registering is somebody else’s', async () => {
    const { deployment, asked } = open([{ ...LIFETIME, maxLifetime: 'P30D' }], { ROTATION: 'register' })

    expect(await certificateMonths(deployment, { readsPolicy: false })).toBe(3)
    expect(asked).toEqual([])
  })

  test('no longer than the tenant allows, and says so', async () => {
    const { deployment, said, asked } = open([{ ...LIFETIME, maxLifetime: 'P180D' }], { ROTATION: 'manual' })

    expect(await certificateMonths(deployment, READS)).toBe(5)
    expect(said).toEqual(['The tenant allows no certificate for 12 months; it is made for 5.'])
    expect(asked).toEqual([
      expect.stringContaining(
        'rest --method get --url https://graph.microsoft.com/v1.0/policies/defaultAppManagementPolicy',
      ),
    ])
  })
})

describe('no certificate is made', () => {
  test.each([
    ['where less than a month is allowed', [{ ...LIFETIME, maxLifetime: 'P30D' }], {}, /less than a month/],
    [
      'where an authority has to issue it',
      [{ restrictionType: 'trustedCertificateAuthority' }],
      {},
      /authorities/,
    ],
    ['for no months', [], { SIGNET_CERTIFICATE_MONTHS: '0' }, /from 1 to 24/],
    ['for too many', [], { SIGNET_CERTIFICATE_MONTHS: '25' }, /from 1 to 24/],
    ['for what is no number', [], { SIGNET_CERTIFICATE_MONTHS: '3 months' }, /from 1 to 24/],
  ])('%s', async (_where, restrictions, env, words) => {
    const fault = await certificateMonths(open(restrictions, env).deployment, READS).catch(
      (one: unknown) => one,
    )

    expect(fault).toBeInstanceOf(HookFault)
    expect(String(fault)).toMatch(words)
  })
})
