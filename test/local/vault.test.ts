import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { requestLine } from '../../local/requestRecord.ts'
import { openDeskVault } from './openDeskVault.ts'

const DAY_MS = 86_400_000

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
    // Six months of the calendar, whichever they are.
    expect(age(first.properties.expiresOn)).toBeLessThan(-180)
    expect(age(first.properties.expiresOn)).toBeGreaterThan(-185)
    expect(second.keyId).not.toBe(first.keyId)
    await expect(signerOf(second.keyId ?? '').sign('PS256', Buffer.alloc(32))).resolves.toMatchObject({
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

function publicKeyOf(der: Uint8Array | undefined) {
  return new X509Certificate(Buffer.from(der ?? [])).publicKey
}

/** Days since then. */
function age(then: Date | undefined): number {
  return (Date.now() - (then?.getTime() ?? 0)) / DAY_MS
}
