import { constants, createHash, createPublicKey, verify, X509Certificate } from 'node:crypto'
import { compactVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { openIdentity } from '../../local/identity/openIdentity.ts'
import { requestLine } from '../../local/requestRecord.ts'
import { openDeskVault } from './openDeskVault.ts'

const DAY_MS = 86_400_000
const digest = createHash('sha256').update('digest me').digest()
const signBody = { alg: 'PS256', value: digest.toString('base64url') }

describe('reading certificates', () => {
  it('the certificate client passes the challenge with verification on and gets one consistent version', async () => {
    const { vault, certificates, operations } = await openDeskVault()

    const read = await certificates.getCertificate('signet')

    const certificate = vault.certificate()
    expect(read.keyId).toBe(certificate.kid)
    expect(Buffer.from(read.cer ?? [])).toEqual(certificate.der)
    expect(Buffer.from(read.properties.x509Thumbprint ?? []).toString('base64url')).toBe(certificate.x5t)
    expect(read.policy).toMatchObject({
      exportable: false,
      reuseKey: false,
      issuerName: 'Self',
      validityInMonths: 12,
    })
    expect(operations()).toEqual(['challenge', 'certificate read'])
  })

  it('the first version is thirty days old, a rotated one is new and has another key', async () => {
    const { vault, certificates } = await openDeskVault()
    const before = await certificates.getCertificate('signet')
    const startedAt = Math.floor(Date.now() / 1000) * 1000

    const rotated = await vault.rotate()
    const after = await certificates.getCertificate('signet')

    expect(age(before.properties.createdOn)).toBeCloseTo(30, 1)
    expect(after.properties.createdOn?.getTime()).toBeGreaterThanOrEqual(startedAt)
    expect(after.keyId).toBe(rotated.kid)
    expect(after.keyId).not.toBe(before.keyId)
    expect(publicKeyOf(after.cer).equals(publicKeyOf(before.cer))).toBe(false)
    expect(vault.versions().map(({ kid }) => kid)).toEqual([before.keyId, after.keyId])
  })

  it('an older version is read by its identifier', async () => {
    const { vault, certificates } = await openDeskVault()
    const old = vault.certificate()
    await vault.rotate()

    const read = await certificates.getCertificateVersion('signet', old.version)

    expect(Buffer.from(read.cer ?? [])).toEqual(old.der)
  })

  it('versions are listed page by page, ordered by identifier rather than age', async () => {
    const { vault, certificates, keys, operations } = await openDeskVault({ pageSize: 2 })
    await vault.rotate()
    await vault.rotate()

    const certificateVersions: (string | undefined)[] = []
    for await (const { version } of certificates.listPropertiesOfCertificateVersions('signet')) {
      certificateVersions.push(version)
    }
    const keyVersions: (string | undefined)[] = []
    for await (const { version } of keys.listPropertiesOfKeyVersions('signet')) keyVersions.push(version)

    const sorted = vault
      .versions()
      .map(({ version }) => version)
      .toSorted()
    expect(certificateVersions).toEqual(sorted)
    expect(keyVersions).toEqual(sorted)
    expect(operations()).toEqual([
      'challenge',
      ...['certificate list', 'certificate list'],
      'challenge',
      ...['key list', 'key list'],
    ])
  })

  it('every certificate is listed once', async () => {
    const { vault, certificates } = await openDeskVault()
    await vault.addCertificate('app-only')
    await vault.rotate()

    const listed: string[] = []
    for await (const { name } of certificates.listPropertiesOfCertificates()) listed.push(name ?? '')

    expect(listed.toSorted()).toEqual(['app-only', 'signet'])
  })

  it('a certificate that is not there is not found', async () => {
    const { certificates } = await openDeskVault()

    await expect(certificates.getCertificate('other')).rejects.toMatchObject({
      statusCode: 404,
      code: 'CertificateNotFound',
    })
  })
})

describe('signing', () => {
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

  it.each(['ES256', 'PS512', 'RSNULL'])('%s is a bad parameter', async (alg) => {
    const { vault, request } = await openDeskVault()

    const answer = await request('POST', signPath(vault.certificate().version), { ...signBody, alg })

    expect(await errorOf(answer)).toEqual([400, 'BadParameter', undefined])
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
})

describe('keeping the private key', () => {
  it('the SDKs get no backup, no decryption and no unwrapped key', async () => {
    const { vault, certificates, keys, signerOf, operations } = await openDeskVault()
    const signer = signerOf(vault.certificate().kid)

    for (const attempt of [
      () => certificates.backupCertificate('signet'),
      () => keys.backupKey('signet'),
      () => signer.decrypt({ algorithm: 'RSA-OAEP-256', ciphertext: Buffer.alloc(256) }),
      () => signer.unwrapKey('RSA-OAEP-256', Buffer.alloc(256)),
    ]) {
      await expect(attempt()).rejects.toThrow(/not authorized|unwrapKey|decrypt/)
    }
    expect(operations()).not.toContain('sign')
  })

  it.each([
    ['GET', '/secrets/signet'],
    ['GET', '/secrets/signet/{version}'],
    ['GET', '/secrets'],
    ['POST', '/certificates/signet/backup'],
    ['POST', '/keys/signet/backup'],
    ['POST', '/keys/signet/{version}/decrypt'],
    ['POST', '/keys/signet/{version}/unwrapkey'],
    ['POST', '/keys/signet/{version}/release'],
    ['POST', '/keys/signet/{version}/encrypt'],
    ['POST', '/certificates/signet/import'],
    ['PUT', '/keys/signet'],
    ['PATCH', '/certificates/signet/policy'],
    ['DELETE', '/certificates/signet'],
    ['GET', '/keys/signet/{version}/sign'],
  ])('%s %s is refused and recorded', async (method, path) => {
    const { vault, request } = await openDeskVault()
    const address = path.replace('{version}', vault.certificate().version)

    const answer = await request(method, `${address}?api-version=7.6`)

    expect(await errorOf(answer)).toEqual([403, 'Forbidden', 'ForbiddenByRbac'])
    expect(vault.requests).toMatchObject([{ method, path: address, operation: 'refused', status: 403 }])
  })

  it('what is read about a key is public', async () => {
    const { vault, request } = await openDeskVault()

    for (const collection of ['keys', 'certificates']) {
      const answer = await request(
        'GET',
        `/${collection}/signet/${vault.certificate().version}?api-version=7.6`,
      )
      expect(await answer.text()).not.toMatch(/"(d|p|q|dp|dq|qi|k)":/)
    }
    expect(Object.keys(vault.certificate().publicJwk).toSorted()).toEqual(['e', 'kty', 'n'])
  })
})

describe('who may ask', () => {
  it('a token that another endpoint issued meets the challenge', async () => {
    const { vault, request, operations } = await openDeskVault()
    const stranger = await openIdentity()
    const forged = await stranger.issue('https://vault.azure.net')
    await stranger.close()

    const answer = await request('POST', signPath(vault.certificate().version), signBody, forged)

    expect(await errorOf(answer)).toEqual([401, 'Unauthorized', undefined])
    expect(answer.headers.get('www-authenticate')).toMatch(
      /^Bearer authorization="https:\/\/login\.microsoftonline\.com\/[^"]+", resource="https:\/\/vault\.azure\.net"$/,
    )
    expect(operations()).toEqual(['challenge'])
  })

  it('a token for another resource meets the challenge', async () => {
    const { identity, request } = await openDeskVault()
    const other = await identity.issue('https://storage.azure.com')

    const answer = await request('GET', '/certificates/signet?api-version=7.6', undefined, other)

    expect(answer.status).toBe(401)
  })

  it('an expired token meets the challenge', async () => {
    let moment = Date.now()
    const identity = await openIdentity({ now: () => moment, tokenLifetimeSec: 60 })
    const { request } = await openDeskVault({ identity })
    const issued = await identity.issue('https://vault.azure.net')
    await identity.close()
    moment += 61_000

    const answer = await request('GET', '/certificates/signet?api-version=7.6', undefined, issued)

    expect(answer.status).toBe(401)
  })

  it('without the role to sign the caller still reads, and is told what it lacks', async () => {
    const { vault, signerOf } = await openDeskVault()
    vault.permissions.delete('keys/sign/action')

    await expect(signerOf(vault.certificate().kid).sign('PS256', digest)).rejects.toMatchObject({
      statusCode: 403,
      code: 'Forbidden',
      message: expect.stringContaining('Microsoft.KeyVault/vaults/keys/sign/action'),
      details: { error: { innerError: { code: 'ForbiddenByRbac' } } },
    })
  })

  it('a request without an API version is a bad parameter', async () => {
    const { request } = await openDeskVault()

    expect(await errorOf(await request('GET', '/certificates/signet'))).toEqual([
      400,
      'BadParameter',
      undefined,
    ])
  })
})

describe('creating certificates', () => {
  const policy = {
    subject: 'CN=made',
    issuerName: 'Self',
    exportable: false,
    reuseKey: false,
    keyType: 'RSA-HSM',
    keySize: 2048,
    keyUsage: ['digitalSignature'],
    validityInMonths: 6,
  }

  it('a deployment that may create gets its certificate, and a new version when it creates again', async () => {
    const { vault, certificates, signerOf } = await openDeskVault()
    vault.permissions.add('certificates/create/action')
    const create = async () => {
      const poller = await certificates.beginCreateCertificate('made', policy, { intervalInMs: 5 })
      return poller.pollUntilDone()
    }

    const first = await create()
    const second = await create()

    expect(new X509Certificate(Buffer.from(first.cer ?? [])).subject).toBe('CN=made')
    expect(age(first.properties.expiresOn)).toBeCloseTo(-183, 0)
    expect(second.keyId).not.toBe(first.keyId)
    await expect(signerOf(second.keyId ?? '').sign('PS256', digest)).resolves.toMatchObject({
      keyID: second.keyId,
    })
  })

  it('the app itself may not create', async () => {
    const { certificates } = await openDeskVault()

    await expect(certificates.beginCreateCertificate('made', policy)).rejects.toMatchObject({
      statusCode: 403,
    })
  })

  it('nobody gets an exportable key', async () => {
    const { vault, certificates } = await openDeskVault()
    vault.permissions.add('certificates/create/action')

    const creating = certificates.beginCreateCertificate('made', { ...policy, exportable: true })

    await expect(creating).rejects.toMatchObject({
      details: { error: { innerError: { code: 'ForbiddenByPolicy' } } },
    })
  })
})

it('every request has one readable line', async () => {
  const lines: string[] = []
  const { vault, certificates } = await openDeskVault({
    onRequest: (record) => lines.push(requestLine(record)),
  })

  await certificates.getCertificate('signet')
  await vault.close()

  expect(lines).toEqual([
    expect.stringMatching(/^\d\d:\d\d:\d\d\.\d{3} {2}401 {2}challenge {2}GET \/certificates\/signet\/$/),
    expect.stringMatching(/200 {2}certificate read {2}GET \/certificates\/signet\/$/),
  ])
})

function signPath(version: string): string {
  return `/keys/signet/${version}/sign?api-version=7.6`
}

async function errorOf(answer: Response): Promise<[number, string, string | undefined]> {
  const { error } = (await answer.json()) as { error: { code: string; innererror?: { code: string } } }
  return [answer.status, error.code, error.innererror?.code]
}

function publicKeyOf(der: Uint8Array | undefined) {
  return createPublicKey(
    new X509Certificate(Buffer.from(der ?? [])).publicKey.export({ type: 'spki', format: 'pem' }),
  )
}

/** Days since then. */
function age(then: Date | undefined): number {
  return (Date.now() - (then?.getTime() ?? 0)) / DAY_MS
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
