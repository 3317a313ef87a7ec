import { expect, test } from 'vitest'
import { isOutOfTime, proofFacts } from '../../../lib/credential/clientCredential.ts'

test('a log line says of a proof without a certificate no more than its kind', () => {
  expect(proofFacts({ method: 'managed-identity' })).toStrictEqual({ credential: 'managed-identity' })
})

test('a log line names the certificate of a proof though its claims are not shown', () => {
  const certificate = { name: 'signing', version: 'v1', thumbprintS256: 'S256', thumbprintSha1: 'SHA1' }
  const keyId = 'https://contoso.vault.azure.net/keys/signing/v1'

  expect(proofFacts({ method: 'vault', certificate, keyId })).toEqual({
    credential: 'vault',
    certificate: 'signing',
    certificateVersion: 'v1',
    thumbprintS256: 'S256',
    thumbprintSha1: 'SHA1',
    keyId,
  })
})

test.each([
  ['a millisecond before its time', 1_000_000 - 1, true],
  ['from the moment that it is valid', 1_000_000, false],
  ['until the last millisecond of it', 1_600_000 - 1, false],
  ['from the moment that it has expired', 1_600_000, true],
])('an assertion is out of its time, by the clock as it goes now, %s: %i is %s', (_when, nowMs, expected) => {
  const claims = { aud: 'a', iss: 'c', sub: 'c', jti: 'j', nbf: 1_000, iat: 1_060, exp: 1_600 }

  expect(isOutOfTime({ method: 'vault', claims }, nowMs)).toBe(expected)
})

test('an assertion whose times are not known is never out of them', () => {
  expect(isOutOfTime({ method: 'managed-identity' }, Number.MAX_SAFE_INTEGER)).toBe(false)
})
