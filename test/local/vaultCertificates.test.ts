/** A certificate of the vault through its life: made, renewed when it is due, issued by others, deleted, and gone. */
import { createPublicKey, X509Certificate } from 'node:crypto'
import type { CertificatePolicy } from '@azure/keyvault-certificates'
import { describe, expect, it } from 'vitest'
import { createClock } from '../../local/clock.ts'
import { createIssuer, issueCertificate } from '../../local/pki.ts'
import type { VaultPermission } from '../../local/vault/vaultRoute.ts'
import { errorOf } from './errorOf.ts'
import { openDeskVault } from './openDeskVault.ts'

const DAY_MS = 86_400_000

const policy: CertificatePolicy = {
  subject: 'CN=made',
  issuerName: 'Self',
  exportable: false,
  reuseKey: false,
  keyType: 'RSA-HSM',
  keySize: 2048,
  keyUsage: ['digitalSignature'],
  validityInMonths: 3,
}

async function open(...permissions: readonly VaultPermission[]) {
  const clock = createClock()
  const world = await openDeskVault({ now: clock.now })
  for (const each of ['certificates/create/action', ...permissions] as const)
    world.vault.permissions.add(each)
  const create = async (change: Partial<CertificatePolicy> = {}) => {
    const poller = await world.certificates.beginCreateCertificate(
      'made',
      { ...policy, ...change } as CertificatePolicy,
      { intervalInMs: 5 },
    )
    return poller.pollUntilDone()
  }
  const versions = async () => {
    const found: string[] = []
    for await (const { version = '' } of world.certificates.listPropertiesOfCertificateVersions('made'))
      found.push(version)
    return found
  }
  return { ...world, clock, create, versions }
}

describe('a certificate whose policy renews it', () => {
  it('gets its next version at the share of its life that the policy says, once however many ask, and not before', async () => {
    const { create, versions, certificates, clock } = await open()
    const first = await create({ lifetimeActions: [{ action: 'AutoRenew', lifetimePercentage: 60 }] })
    expect(first.policy?.lifetimeActions).toEqual([{ action: 'AutoRenew', lifetimePercentage: 60 }])
    const { notBefore = new Date(0), expiresOn = new Date(0) } = first.properties
    const dueInMs = notBefore.getTime() + (expiresOn.getTime() - notBefore.getTime()) * 0.6 - Date.now()

    clock.setOff(dueInMs - 60_000)
    expect(await versions()).toHaveLength(1)
    clock.setOff(dueInMs + 60_000)
    const [one, other] = await Promise.all([
      certificates.getCertificate('made'),
      certificates.getCertificate('made'),
    ])
    expect(one.properties.version).toBe(other.properties.version)
    expect(one.properties.version).not.toBe(first.properties.version)
    expect(await versions()).toHaveLength(2)
  })

  it('gets it so many days before its end, where the policy counts in days', async () => {
    const { create, versions, clock } = await open()
    const { properties } = await create({ lifetimeActions: [{ action: 'AutoRenew', daysBeforeExpiry: 20 }] })
    const endsInMs = (properties.expiresOn?.getTime() ?? 0) - Date.now()

    clock.setOff(endsInMs - 21 * DAY_MS)
    expect(await versions()).toHaveLength(1)
    clock.setOff(endsInMs - 19 * DAY_MS)
    expect(await versions()).toHaveLength(2)
  })

  it('gets none where the policy only has somebody told', async () => {
    const { create, versions, clock } = await open()
    await create({ lifetimeActions: [{ action: 'EmailContacts', lifetimePercentage: 60 }] })

    clock.setOff(80 * DAY_MS)
    expect(await versions()).toHaveLength(1)
  })
})

describe('a certificate that an authority issues', () => {
  it('comes from the one that the policy names, with a chain that nobody gets from the vault, and is renewed there', async () => {
    const { vault, create, clock, certificates } = await open()
    const issuer = createIssuer(Date.now())
    vault.issuers.set('contoso-ca', issuer)
    const made = await create({
      issuerName: 'contoso-ca',
      lifetimeActions: [{ action: 'AutoRenew', lifetimePercentage: 60 }],
    })

    const [intermediate, root] = issuer.chain.map((der) => new X509Certificate(der))
    const leaf = new X509Certificate(Buffer.from(made.cer ?? []))
    expect(leaf.verify(intermediate?.publicKey ?? leaf.publicKey)).toBe(true)
    expect(intermediate?.verify(root?.publicKey ?? leaf.publicKey)).toBe(true)
    expect(made.policy?.issuerName).toBe('contoso-ca')
    clock.setOff(80 * DAY_MS)
    const renewed = new X509Certificate(Buffer.from((await certificates.getCertificate('made')).cer ?? []))
    expect(renewed.raw.equals(leaf.raw)).toBe(false)
    expect(renewed.issuer).toBe(leaf.issuer)
  })

  it('comes of a request that somebody signed: the key never leaves, and no other certificate is taken for it', async () => {
    const { certificates, signerOf, request } = await open()
    const issuer = createIssuer(Date.now())
    await certificates.beginCreateCertificate('made', {
      ...policy,
      issuerName: 'Unknown',
    } as CertificatePolicy)
    const pending = await request('GET', '/certificates/made/pending?api-version=7.6')
    const { csr } = (await pending.json()) as { csr: string }
    const publicKey = publicKeyOf(Buffer.from(csr, 'base64'))
    const notAfter = new Date(Math.floor(Date.now() / 1000) * 1000 + 30 * DAY_MS)
    const signed = issueCertificate(issuer, {
      subject: 'CN=made',
      publicKey,
      notBefore: new Date(Date.now() - DAY_MS),
      notAfter,
    })

    const foreign = await certificates
      .mergeCertificate('made', [issuer.chain[0]])
      .catch(({ statusCode }: { statusCode: number }) => statusCode)
    expect(foreign).toBe(400)
    await certificates.mergeCertificate('made', [signed, ...issuer.chain])
    const merged = await certificates.getCertificate('made')
    expect(Buffer.from(merged.cer ?? []).equals(signed)).toBe(true)
    expect(merged.properties.expiresOn).toEqual(notAfter)
    await expect(signerOf(merged.keyId ?? '').sign('PS256', Buffer.alloc(32))).resolves.toMatchObject({
      keyID: merged.keyId,
    })
  })
})

describe('a certificate that was deleted', () => {
  it('neither signs nor is found, keeps its name from others, and is had back with its key', async () => {
    const { create, certificates, signerOf, request } = await open(
      'certificates/delete',
      'certificates/recover/action',
    )
    const made = await create()
    const sign = () => signerOf(made.keyId ?? '').sign('PS256', Buffer.alloc(32))
    await (await certificates.beginDeleteCertificate('made', { intervalInMs: 5 })).pollUntilDone()

    await expect(sign()).rejects.toMatchObject({ statusCode: 404 })
    await expect(certificates.getCertificate('made')).rejects.toMatchObject({ statusCode: 404 })
    expect((await certificates.getDeletedCertificate('made')).recoveryId).toMatch(
      /\/deletedcertificates\/made$/,
    )
    const again = await request('POST', '/certificates/made/create?api-version=7.6', {})
    expect(await errorOf(again)).toEqual([409, 'Conflict', 'ObjectIsDeletedButRecoverable'])
    await (await certificates.beginRecoverDeletedCertificate('made', { intervalInMs: 5 })).pollUntilDone()
    await expect(sign()).resolves.toMatchObject({ keyID: made.keyId })
  })

  it('is gone for good once it is purged, and its name is free', async () => {
    const { create, certificates } = await open('certificates/delete', 'certificates/purge/action')
    const made = await create()
    await (await certificates.beginDeleteCertificate('made', { intervalInMs: 5 })).pollUntilDone()
    await certificates.purgeDeletedCertificate('made')

    await expect(certificates.getDeletedCertificate('made')).rejects.toMatchObject({ statusCode: 404 })
    expect((await create()).keyId).not.toBe(made.keyId)
  })

  it('is deleted, had back or purged by nobody without the right to it', async () => {
    const { create, certificates } = await open()
    await create()

    await expect(certificates.beginDeleteCertificate('made')).rejects.toMatchObject({ statusCode: 403 })
    await expect(certificates.purgeDeletedCertificate('made')).rejects.toMatchObject({ statusCode: 403 })
  })
})

it('a version that was disabled signs again once it is enabled', async () => {
  const { vault, signerOf } = await open()
  const { version, kid } = vault.certificate()
  const sign = () => signerOf(kid).sign('PS256', Buffer.alloc(32))

  vault.disable(version)
  await expect(sign()).rejects.toMatchObject({ statusCode: 403 })
  vault.enable(version)
  await expect(sign()).resolves.toMatchObject({ keyID: kid })
})

/** The key of a certification request (RFC 2986 section 4.1): behind its version and its name. */
function publicKeyOf(csr: Buffer) {
  const content = (from: number): [start: number, end: number] => {
    const first = csr.readUInt8(from + 1)
    const bytes = first < 0x80 ? 0 : first & 0x7f
    const length = bytes === 0 ? first : csr.readUIntBE(from + 2, bytes)
    const start = from + 2 + bytes
    return [start, start + length]
  }
  const [body] = content(content(0)[0])
  const [, version] = content(body)
  const [, name] = content(version)
  const [, key] = content(name)
  return createPublicKey({ key: csr.subarray(name, key), type: 'spki', format: 'der' })
}
