import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { certificatePolicy } from '../../infra/hooks/certificatePolicy.ts'
import type { KeyCredential, RegisteredCredential } from '../../infra/hooks/keyCredential.ts'
import { mergeCredentials } from '../../infra/hooks/mergeCredentials.ts'
import { isAsWished } from '../../infra/hooks/registered.ts'
import { registrationRequest } from '../../infra/hooks/registrationRequest.ts'
import { NOW_MS } from '../support/commandDeployment.ts'

const held = (label: string, startDateTime = '2026-01-01T00:00:00.000Z'): KeyCredential => ({
  key: Buffer.from(label).toString('base64'),
  displayName: label,
  startDateTime,
  endDateTime: '2027-01-01T00:00:00.000Z',
})
const thumbprint = ({ key }: KeyCredential): Buffer =>
  createHash('sha1').update(Buffer.from(key, 'base64')).digest()
/** As Graph shows it, and nobody else would write it. */
const registered = (label: string, more: Partial<RegisteredCredential> = {}): RegisteredCredential => ({
  customKeyIdentifier: thumbprint(held(label)).toString('base64'),
  displayName: `CN=${label}`,
  endDateTime: '2027-01-01T00:00:00Z',
  key: held(label).key,
  keyId: `id of ${label}`,
  startDateTime: '2026-01-01T00:00:00Z',
  type: 'AsymmetricX509Cert',
  usage: 'Verify',
  ...more,
})

test('what is registered stays exactly as it was read, in its order, and what the vault holds beside it is added once', () => {
  const entries = [
    registered('b'),
    registered('a', { displayName: 'by hand', endDateTime: '2026-12-31T23:59:59.1234567Z' }),
  ]
  const [old, next] = [held('old'), held('next', '2026-05-01T00:00:00.000Z')]
  expect(mergeCredentials(entries, [next, held('a'), old], NOW_MS)).toEqual({
    kept: entries,
    added: [old, next],
  })
  expect(mergeCredentials(entries, [], NOW_MS)).toEqual({ kept: entries, added: [] })
})

test('what Graph shows beyond an entry, or as nothing, is not sent back', () => {
  const shown = { ...registered('a'), displayName: null, hasExtendedValue: null }
  const [kept] = mergeCredentials([shown], [], NOW_MS).kept
  const { displayName: _, ...rest } = registered('a')
  expect(kept).toEqual(rest)
})

test('only an entry that has expired is left out', () => {
  const expired = registered('expired', { endDateTime: '2026-05-31T23:59:59Z' })
  const ending = registered('ending', { endDateTime: '2026-06-01T00:00:01.000Z' })
  expect(mergeCredentials([expired, ending], [], NOW_MS).kept).toEqual([ending])
})

test('an entry that Graph shows without its key is found in the vault by its thumbprint, as either tool writes it', () => {
  const one = held('one')
  for (const customKeyIdentifier of [
    thumbprint(one).toString('base64'),
    thumbprint(one).toString('hex').toUpperCase(),
  ]) {
    const shown = registered('one', { key: null, customKeyIdentifier })
    expect(mergeCredentials([shown], [one], NOW_MS)).toEqual({
      kept: [{ ...shown, key: one.key }],
      added: [],
    })
  }
})

test('an entry without its key that no vault holds stops the deployment, which would remove it', () => {
  expect(() => mergeCredentials([registered('lost', { key: null })], [held('held')], NOW_MS)).toThrow(
    /would remove it/,
  )
})

test.each([
  ['in another order', [{ name: 'b' }, { name: 'a', more: 1 }], true],
  ['with one more', [{ name: 'a' }, { name: 'b' }, { name: 'c' }], false],
  ['with another instead', [{ name: 'a' }, { name: 'c' }], false],
  ['not at all', null, false],
])('a list that is shown %s is as wished: %j', (_how, seen, isRight) => {
  expect(isAsWished({ list: [{ name: 'a' }, { name: 'b' }] }, { list: seen, more: 'shown' })).toBe(isRight)
})

test('what is off may be left out, and what is on may not', () => {
  expect(isAsWished({ off: false }, { off: null })).toBe(true)
  expect(isAsWished({ off: false }, { off: true })).toBe(false)
  expect(isAsWished({ on: true }, {})).toBe(false)
  expect(isAsWished({ deep: { on: true } }, { deep: 'text' })).toBe(false)
})

test('the policy cannot be exported, reuses no key, only signs, and is renewed by the vault where the app registers what it finds', () => {
  const policy = certificatePolicy({ months: 3, isRenewed: true })
  expect(policy).toEqual({
    issuerName: 'Self',
    exportable: false,
    keyType: 'RSA-HSM',
    keySize: 2048,
    reuseKey: false,
    contentType: 'application/x-pkcs12',
    subject: 'CN=Signet',
    keyUsage: ['digitalSignature'],
    validityInMonths: 3,
    lifetimeActions: [{ action: 'AutoRenew', lifetimePercentage: 60 }],
  })
  expect(certificatePolicy({ months: 12, isRenewed: false })).toEqual({
    ...policy,
    validityInMonths: 12,
    lifetimeActions: [{ action: 'EmailContacts', lifetimePercentage: 60 }],
  })
})

test('an administrator is asked for what the template would register', () => {
  const snapshot = JSON.parse(readFileSync('infra/params/entra.snapshot.json', 'utf8')) as {
    predictedResources: { properties: { uniqueName?: string; keyCredentials?: unknown[] } }[]
  }
  const request = registrationRequest(
    {
      environmentName: 'example',
      tenantId: '00000000-0000-4000-8000-000000000001',
      publicUrl: 'https://signin.example.com',
      isMultiTenant: false,
      issuer: 'https://login.example.com/v2.0',
      federatedPrincipalId: '00000000-0000-4000-8000-0000000000e1',
    },
    { signingCertificates: [], appOnlyCertificates: [] },
  )
  for (const uniqueName of ['signet-example', 'signet-app-only-example']) {
    const predicted = snapshot.predictedResources.find((one) => one.properties.uniqueName === uniqueName)
    const { uniqueName: _, keyCredentials, ...properties } = predicted?.properties ?? {}
    expect(keyCredentials?.length).toBeGreaterThan(0)
    expect(request[uniqueName]).toEqual({ ...properties, keyCredentials: [] })
  }
  expect(request['federated-credential']).toMatchObject({ subject: '00000000-0000-4000-8000-0000000000e1' })
})
