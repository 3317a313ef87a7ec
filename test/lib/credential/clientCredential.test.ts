import { expect, test } from 'vitest'
import { proofFacts } from '../../../lib/credential/clientCredential.ts'

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
