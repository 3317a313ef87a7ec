/** Assertions that are used once: one for each request, by whichever version is taken. */
import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { assertionProfile } from '../../../lib/credential/assertionProfile.ts'
import { AppError } from '../../../lib/errors/appError.ts'
import { credentialWorld, keyOf, TOKEN_ENDPOINT } from '../../support/credentialWorld.ts'
import { faultOf } from '../../support/faultOf.ts'

const issuer = 'https://issuer.example'
const PROFILE = assertionProfile({ profile: 'rfc10070', lifetimeSec: 60, issuer })
const world = () => credentialWorld(PROFILE)

describe('an assertion that is used once', () => {
  it('is signed for each request by itself, for the issuer, and the certificate is read once', async () => {
    const { vault, jws } = world()
    const all = await Promise.all(Array.from({ length: 10 }, jws))

    expect(new Set(all.map((one) => decodeJwt(one).jti)).size).toBe(10)
    expect(new Set(all.map((one) => decodeJwt(one).aud))).toEqual(new Set([issuer]))
    expect([vault.reads, vault.signedWith.length]).toEqual([1, 10])
  })

  it('cannot be had while the vault is away: none is kept', async () => {
    const { credential, vault, jws } = world()
    await jws()
    vault.isAway = true

    expect((await faultOf(() => credential.assertionFor(TOKEN_ENDPOINT))).code).toBe('vault/unavailable')
    expect((await faultOf(() => credential.check(TOKEN_ENDPOINT))).code).toBe('vault/unavailable')
  })

  it('is not made ahead: a warm start reads the certificate and signs nothing', async () => {
    const { credential, vault, settle } = world()
    credential.warm(TOKEN_ENDPOINT)
    await settle()

    expect([vault.reads, vault.signedWith.length]).toEqual([1, 0])
  })
})

describe('where the server refuses the version that signed', () => {
  it('each who was refused gets one of their own by another valid version, after one look for all', async () => {
    const { credential, vault, versionInUse } = world()
    vault.versions = ['v1', 'v2']
    const refused = await Promise.all([1, 2, 3].map(() => credential.assertionFor(TOKEN_ENDPOINT)))
    const found = await Promise.all(refused.map((one) => credential.alternativeTo(one, TOKEN_ENDPOINT)))

    expect(found.map((one) => one?.proof.keyId)).toEqual(Array(3).fill(keyOf('v1')))
    expect(new Set(found.map((one) => one?.proof.claims?.jti)).size).toBe(3)
    expect(vault.reads).toBe(2)
    expect(await versionInUse()).toBe('v1')
  })

  it('there is none where no other version is valid, or none can be had', async () => {
    const { credential, vault } = world()
    const refused = await credential.assertionFor(TOKEN_ENDPOINT)
    expect(await credential.alternativeTo(refused, TOKEN_ENDPOINT)).toBeUndefined()

    vault.signFault = new AppError('vault/throttled')
    expect(await credential.alternativeTo(refused, TOKEN_ENDPOINT)).toBeUndefined()
  })
})

describe('another version', () => {
  it('is looked for once a minute, whoever is refused', async () => {
    const { credential, vault, effects } = world()
    const readsAfter = async (ms: number) => {
      effects.advance(ms)
      const refused = await credential.assertionFor(TOKEN_ENDPOINT)
      await credential.alternativeTo(refused, TOKEN_ENDPOINT)
      return vault.reads
    }
    expect(await readsAfter(0)).toBe(2)
    expect(await readsAfter(60_000 - 1)).toBe(2)
    expect(await readsAfter(1)).toBe(3)
  })

  it('that serves instead is named in the log, beside the one that was refused', async () => {
    const { credential, vault, effects } = world()
    vault.versions = ['v1', 'v2']
    const refused = await credential.assertionFor(TOKEN_ENDPOINT)
    await credential.alternativeTo(refused, TOKEN_ENDPOINT)

    expect(effects.logs.find(({ event }) => event === 'credential.version_refused')).toEqual({
      level: 'warn',
      event: 'credential.version_refused',
      facts: expect.objectContaining({ certificateVersion: 'v2', instead: 'v1' }),
    })
  })

  it('is not looked for where the assertion was out of its time: it is dated anew', async () => {
    const { credential, vault, effects } = world()
    vault.versions = ['v1', 'v2']
    const refused = await credential.assertionFor(TOKEN_ENDPOINT)
    effects.advance(10 * 60_000)
    const found = await credential.alternativeTo(refused, TOKEN_ENDPOINT)

    expect([found?.proof.keyId, found?.proof.claims?.iat]).toEqual([keyOf('v2'), effects.now() / 1_000])
    expect(vault.reads).toBe(1)
  })

  it('is none where what was refused names no certificate', async () => {
    const { credential, vault } = world()
    await credential.assertionFor(TOKEN_ENDPOINT)
    const unknown = { jws: 'a.b.c', proof: { method: 'vault' } } as const

    expect((await credential.alternativeTo(unknown, TOKEN_ENDPOINT))?.proof.keyId).toBe(keyOf('v1'))
    expect(vault.reads).toBe(2)
  })
})
