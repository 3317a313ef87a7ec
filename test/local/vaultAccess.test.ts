import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { openIdentity } from '../../local/identity/openIdentity.ts'
import { errorOf } from './errorOf.ts'
import { openDeskVault } from './openDeskVault.ts'

const digest = createHash('sha256').update('digest me').digest()
const signBody = { alg: 'PS256', value: digest.toString('base64url') }

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

  it('whatever reveals or uses the key otherwise, or changes what is there, is refused and recorded', async () => {
    const { vault, request } = await openDeskVault()
    const { version } = vault.certificate()
    const attempts = [
      ['GET', '/secrets'],
      ['GET', '/secrets/signet'],
      ['GET', `/secrets/signet/${version}`],
      ['POST', '/certificates/signet/backup'],
      ['POST', '/keys/signet/backup'],
      ['POST', `/keys/signet/${version}/decrypt`],
      ['POST', `/keys/signet/${version}/unwrapkey`],
      ['POST', `/keys/signet/${version}/release`],
      ['POST', `/keys/signet/${version}/encrypt`],
      ['POST', '/certificates/signet/import'],
      ['PUT', '/keys/signet'],
      ['PATCH', '/certificates/signet/policy'],
      ['DELETE', '/keys/signet'],
      ['GET', `/keys/signet/${version}/sign`],
    ] as const

    for (const [method, path] of attempts) {
      const answer = await request(method, `${path}?api-version=7.6`)
      expect(await errorOf(answer), `${method} ${path}`).toEqual([403, 'Forbidden', 'ForbiddenByRbac'])
    }

    const recorded = vault.requests.map(({ method, path, operation, status }) => [
      method,
      path,
      operation,
      status,
    ])
    expect(recorded).toEqual(attempts.map((attempt) => [...attempt, 'refused', 403]))
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

function signPath(version: string): string {
  return `/keys/signet/${version}/sign?api-version=7.6`
}
