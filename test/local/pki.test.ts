import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createAuthority, createSigningCertificate } from '../../local/pki.ts'

describe('the desk authority', () => {
  it('is a certificate authority that signed itself', () => {
    const certificate = new X509Certificate(createAuthority().certPem)

    expect(certificate.ca).toBe(true)
    expect(certificate.verify(certificate.publicKey)).toBe(true)
  })

  it.each(['127.0.0.1', 'signet-desk.vault.azure.net'])(
    'issues what a TLS client accepts for %s',
    async (name) => {
      const { authority, port } = await listen([name])

      const socket = connect({ host: '127.0.0.1', port, ...checkedAs(name), ca: authority.certPem })
      await once(socket, 'secureConnect')

      expect(socket.authorized).toBe(true)
      socket.destroy()
    },
  )

  it('issues what a TLS client refuses under another name', async () => {
    const { authority, port } = await listen(['signet-desk.vault.azure.net'])

    const socket = connect({
      host: '127.0.0.1',
      port,
      servername: 'other.vault.azure.net',
      ca: authority.certPem,
    })

    await expect(once(socket, 'secureConnect')).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
  })

  it('is trusted by nobody who was not told', async () => {
    const { port } = await listen(['127.0.0.1'])

    const socket = connect({ host: '127.0.0.1', port, ca: createAuthority().certPem })

    await expect(once(socket, 'secureConnect')).rejects.toMatchObject({
      code: expect.stringMatching(/UNABLE|SELF/),
    })
  })
})

describe('a signing certificate', () => {
  it('is self-signed, carries its subject and dates, and belongs to its key', async () => {
    const made = await createSigningCertificate({
      subject: 'CN=signet, O=Desk',
      notBefore: new Date('2026-01-02T03:04:05Z'),
      notAfter: new Date('2051-01-02T03:04:05Z'),
    })
    const certificate = new X509Certificate(made.der)

    expect(certificate.subject).toBe('CN=signet\nO=Desk')
    expect(certificate.issuer).toBe(certificate.subject)
    expect(certificate.validFromDate).toEqual(new Date('2026-01-02T03:04:05Z'))
    expect(certificate.validToDate).toEqual(new Date('2051-01-02T03:04:05Z'))
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.checkPrivateKey(made.privateKey)).toBe(true)
    expect(certificate.publicKey.export({ format: 'jwk' })).toEqual(made.publicJwk)
    expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048)
  })

  it('refuses a subject it cannot write', async () => {
    const dates = { notBefore: new Date(), notAfter: new Date() }

    await expect(createSigningCertificate({ subject: 'E=a@b', ...dates })).rejects.toThrow('not "E=a@b"')
  })
})

/** TLS sends no server name for an address; the certificate is checked against the address itself. */
function checkedAs(name: string): { servername?: string } {
  return name === '127.0.0.1' ? {} : { servername: name }
}

async function listen(names: readonly string[]) {
  const authority = createAuthority()
  const { certPem, keyPem } = authority.issueServer({ names })
  const server = createServer({ cert: certPem, key: keyPem }).listen(0, '127.0.0.1')
  server.on('tlsClientError', () => {})
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
  })
  return { authority, port: (server.address() as AddressInfo).port }
}
