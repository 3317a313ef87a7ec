/** What counts as a credential in an answer of Graph: what is none is a fault that says which member. */
import { describe, expect, it } from 'vitest'
import {
  readFederatedCredential,
  readKeyCredential,
  readPasswordCredential,
  timeOf,
} from '../../../lib/entra/graphCredentials.ts'
import { faultOf } from '../../support/faultOf.ts'

const KEY = { keyId: 'k', type: 'AsymmetricX509Cert', usage: 'Verify' }
const SECRET = { keyId: 's' }
const FEDERATED = { id: 'f', name: 'n', issuer: 'https://issuer.example', subject: 'one', audiences: ['a'] }
const SHA1 = 'ab'.repeat(20)

describe('a credential', () => {
  it.each<[name: string, read: (value: unknown) => unknown, whole: object, members: readonly string[]]>([
    ['a key', readKeyCredential, KEY, ['keyId', 'type', 'usage']],
    ['a secret', readPasswordCredential, SECRET, ['keyId']],
    ['a token of another issuer', readFederatedCredential, FEDERATED, ['id', 'name', 'issuer', 'audiences']],
  ])(
    'that is %s is none without each of its members, and the fault names the one',
    async (_what, read, whole, members) => {
      expect(read(whole)).toEqual(whole)
      for (const member of members)
        for (const value of ['', 7, null, undefined, {}]) {
          const { code, context } = await faultOf(() => read({ ...whole, [member]: value }))
          expect([code, context.detail]).toEqual(['graph/malformed_response', member])
        }
    },
  )

  it('for tokens of another issuer names audiences as texts; its subject may be missing', async () => {
    const { context } = await faultOf(() => readFederatedCredential({ ...FEDERATED, audiences: [''] }))

    expect(context.detail).toBe('audience')
    expect(readFederatedCredential({ ...FEDERATED, subject: null })).toMatchObject({ subject: '' })
  })

  it('says nothing that Graph does not show of it', () => {
    const unsaid = {
      displayName: '',
      startDateTime: null,
      endDateTime: 7,
      customKeyIdentifier: null,
      key: '',
    }

    expect(readKeyCredential({ ...KEY, ...unsaid })).toStrictEqual(KEY)
    expect(readPasswordCredential({ ...SECRET, displayName: null, endDateTime: '' })).toStrictEqual(SECRET)
  })

  it.each([`${SHA1}00`, `00${SHA1}`])('has no thumbprint of %s, which is longer than one', (hex) => {
    for (const customKeyIdentifier of [hex, Buffer.from(hex).toString('base64')])
      expect(readKeyCredential({ ...KEY, customKeyIdentifier })).toStrictEqual(KEY)
  })
})

it.each([
  ['2026-03-01T00:00:00Z', Date.UTC(2026, 2, 1)],
  ['2026-03-01T02:00:00+02:00', Date.UTC(2026, 2, 1)],
  ['2026-02-28T22:30:00-01:30', Date.UTC(2026, 2, 1)],
  ['2026-03-01T00:00:00', undefined],
  ['2026-03-01', undefined],
  ['2026-99-01T00:00:00Z', undefined],
  ['x2026-03-01T00:00:00Z', undefined],
  ['Sun, 01 Mar 2026 00:00:00 GMT', undefined],
  [Date.UTC(2026, 2, 1), undefined],
  [['2026-03-01T00:00:00Z'], undefined],
])('a moment is one with its offset, in ISO 8601: %j is %s', (text, ms) => {
  expect(timeOf(text)).toBe(ms)
})
