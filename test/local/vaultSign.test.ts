import { constants, createHash, verify, X509Certificate } from 'node:crypto'
import { compactVerify } from 'jose'
import { expect, it } from 'vitest'
import { errorOf } from './errorOf.ts'
import { openDeskVault } from './openDeskVault.ts'

const DAY_MS = 86_400_000
const digest = createHash('sha256').update('digest me').digest()
const signBody = { alg: 'PS256', value: digest.toString('base64url') }

it.each(['PS256', 'RS256'] as const)('a %s signature verifies under the certificate', async (alg) => {
  const { vault, signerOf, operations } = await openDeskVault()
  const certificate = vault.certificate()
  const input = `${base64url({ alg })}.${base64url({ sub: 'signet' })}`

  const { result, keyID } = await signerOf(certificate.kid).signData(alg, Buffer.from(input))

  const publicKey = new X509Certificate(certificate.der).publicKey
  const padding =
    alg === 'PS256'
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
      : { padding: constants.RSA_PKCS1_PADDING }
  expect(keyID).toBe(certificate.kid)
  expect(verify('sha256', Buffer.from(input), { key: publicKey, ...padding }, result)).toBe(true)
  const jws = `${input}.${Buffer.from(result).toString('base64url')}`
  await expect(compactVerify(jws, publicKey)).resolves.toMatchObject({ protectedHeader: { alg } })
  await expect(compactVerify(`${jws.slice(0, -8)}AAAAAAAA`, publicKey)).rejects.toThrow('signature')
  expect(operations()).toEqual(['challenge', 'key read', 'sign'])
})

it.each([3072, 4096])('a key of %d bits signs too', async (keySize) => {
  const { vault, signerOf } = await openDeskVault({ policy: { keySize } })
  const { kid, der } = vault.certificate()

  const { result } = await signerOf(kid).sign('PS256', digest)

  expect(result).toHaveLength(keySize / 8)
  const key = {
    key: new X509Certificate(der).publicKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: 32,
  }
  expect(verify('sha256', Buffer.from('digest me'), key, result)).toBe(true)
})

it('an older version still signs, with its own key, after a rotation', async () => {
  const { vault, signerOf } = await openDeskVault()
  const old = vault.certificate()
  await vault.rotate()

  const { result } = await signerOf(old.kid).sign('RS256', digest)

  expect(verify('sha256', Buffer.from('digest me'), publicKeyOf(old.der), result)).toBe(true)
})

it('a key identifier without a version signs with the newest key, whatever the client believes', async () => {
  const { vault, signerOf } = await openDeskVault()
  const signer = signerOf(`${vault.url}/keys/signet`)
  const { keyID: before } = await signer.sign('RS256', digest)
  const rotated = await vault.rotate()

  const { result, keyID } = await signer.sign('RS256', digest)

  expect(keyID).toBe(before)
  expect(verify('sha256', Buffer.from('digest me'), publicKeyOf(rotated.der), result)).toBe(true)
})

it('a digest of the wrong length is a bad parameter', async () => {
  const { vault, signerOf } = await openDeskVault()

  const signing = signerOf(vault.certificate().kid).sign('PS256', digest.subarray(1))

  await expect(signing).rejects.toMatchObject({ statusCode: 400, code: 'BadParameter' })
})

it('an algorithm other than PS256 and RS256 is a bad parameter', async () => {
  const { vault, request } = await openDeskVault()

  for (const alg of ['ES256', 'PS512', 'RSNULL', 256, null]) {
    const answer = await request('POST', signPath(vault.certificate().version), { ...signBody, alg })
    expect(await errorOf(answer), `${alg}`).toEqual([400, 'BadParameter', undefined])
  }
})

it('a disabled version refuses, its successor signs', async () => {
  const { vault, signerOf } = await openDeskVault()
  const { kid, version } = vault.certificate()
  vault.disable(version)
  const rotated = await vault.rotate()

  await expect(signerOf(kid).sign('PS256', digest)).rejects.toMatchObject({
    statusCode: 403,
    details: { error: { innerError: { code: 'KeyDisabled' } } },
  })
  await expect(signerOf(rotated.kid).sign('PS256', digest)).resolves.toMatchObject({ keyID: rotated.kid })
})

it.each([
  ['before its time', -40, 'KeyNotYetValid'],
  ['after its time', 365, 'KeyExpired'],
])('a version refuses %s', async (_when, days, inner) => {
  let moment = Date.now()
  const { vault, request } = await openDeskVault({ now: () => moment })
  moment += days * DAY_MS

  const answer = await request('POST', signPath(vault.certificate().version), signBody)

  expect(await errorOf(answer)).toEqual([403, 'Forbidden', inner])
})

it('an unknown version is not found', async () => {
  const { request } = await openDeskVault()

  expect(await errorOf(await request('POST', signPath('0123'), signBody))).toEqual([
    404,
    'KeyNotFound',
    undefined,
  ])
})

function signPath(version: string): string {
  return `/keys/signet/${version}/sign?api-version=7.6`
}

function publicKeyOf(der: Uint8Array | undefined) {
  return new X509Certificate(Buffer.from(der ?? [])).publicKey
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
