import { X509Certificate } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deskCertificate } from '../../../local/tls/deskCertificate.ts'

const DAY_MS = 86_400_000
let parent: string
let folder: string

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'signet-tls-'))
  folder = join(parent, 'desk-tls')
})
afterEach(() => rm(parent, { recursive: true }))

describe('the certificate of a desk', () => {
  it('is kept, so that one that was trusted stays trusted', async () => {
    const first = await deskCertificate(folder)
    const second = await deskCertificate(folder)

    expect([first.isNew, second.isNew]).toEqual([true, false])
    expect(second).toEqual({ ...first, isNew: false })
    expect(await readFile(first.authorityFile, 'utf8')).toBe(first.authorityPem)
  })

  it('is for this machine alone, for no longer than Apple’s platforms accept', async () => {
    const { server, authorityPem } = await deskCertificate(folder)
    const certificate = new X509Certificate(server.certPem)

    expect(certificate.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1')
    expect(certificate.verify(new X509Certificate(authorityPem).publicKey)).toBe(true)
    expect(Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)).toBeLessThan(825 * DAY_MS)
  })

  it('leaves no key of its authority behind, and its own to its owner alone', async () => {
    const { server, authorityPem } = await deskCertificate(folder)
    const files = await readdir(folder)
    const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
    const keys = texts.filter((text) => text.includes('PRIVATE KEY'))

    expect(await readdir(parent)).toEqual(['desk-tls'])
    expect(keys).toEqual([server.keyPem])
    expect(
      new X509Certificate(server.certPem).publicKey.equals(new X509Certificate(authorityPem).publicKey),
    ).toBe(false)
    expect((await stat(join(folder, 'localhost-key.pem'))).mode & 0o777).toBe(0o600)
  })

  it.each([
    ['a file is damaged', () => writeFile(join(folder, 'localhost.pem'), 'nonsense')],
    ['a file is gone', () => rm(join(folder, 'localhost-key.pem'))],
    [
      'the key is another one',
      async () => {
        const { server } = await deskCertificate(join(parent, 'other'))
        await writeFile(join(folder, 'localhost-key.pem'), server.keyPem)
      },
    ],
  ])('is made anew, whole, where %s', async (_what, harm) => {
    const first = await deskCertificate(folder)
    await harm()
    const second = await deskCertificate(folder)

    expect(second.isNew).toBe(true)
    expect(second.server.certPem).not.toBe(first.server.certPem)
    expect((await deskCertificate(folder)).isNew).toBe(false)
  })

  it('is made anew a month before it ends', async () => {
    await deskCertificate(folder)
    const inDays = (days: number) => () => Date.now() + days * DAY_MS

    expect((await deskCertificate(folder, inDays(788))).isNew).toBe(false)
    expect((await deskCertificate(folder, inDays(792))).isNew).toBe(true)
  })
})
