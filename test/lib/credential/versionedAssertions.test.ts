import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../lib/errors/appError.ts'
import { TOKEN_ENDPOINT, credentialWorld as world } from '../../support/credentialWorld.ts'
import { faultOf } from '../../support/faultOf.ts'
import { START_MS } from '../../support/heldEffects.ts'
import { shortenDeadline } from '../../support/shortenDeadline.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

describe('an assertion of the vault credential', () => {
  it('is signed with the key of the certificate whose thumbprint it carries', async () => {
    const { credential, vault } = world()
    const { jws, proof } = await credential.assertionFor(TOKEN_ENDPOINT)

    expect(vault.signedWith).toEqual(['https://vault.example/keys/signing/v1'])
    expect(jws).toBe(`${vault.inputs[0]}.AQ`)
    expect(proof).toEqual({
      method: 'vault',
      certificate: {
        name: 'signing',
        version: 'v1',
        thumbprintS256: 'thumbprint-of-v1',
        thumbprintSha1: 'SHA1-OF-v1',
      },
      keyId: 'https://vault.example/keys/signing/v1',
      header: { alg: 'PS256', typ: 'JWT', 'x5t#S256': 'thumbprint-of-v1' },
      claims: decodeJwt(jws),
    })
  })

  it('is not waited for longer than six seconds; the work goes on, and serves whoever comes next', async () => {
    const { jws, vault } = world()
    const vaultAnswers = Promise.withResolvers<void>()
    vault.until = vaultAnswers.promise
    const asked = shortenDeadline(6_000)

    const { code, context } = await faultOf(jws)
    expect([code, context.detail]).toEqual(['vault/timeout', 'certificate and signature'])
    expect(asked).toEqual([6_000])
    vaultAnswers.resolve()
    expect(await jws()).toBe(`${vault.inputs[0]}.AQ`)
    expect([vault.reads, vault.signedWith.length]).toEqual([1, 1])
  })

  it.each([
    [25_000, 1],
    [25_001, 2],
    [-25_001, 2],
  ])(
    'is dated anew where the clock was set by %i ms while the key signed: %i signatures',
    async (ms, count) => {
      const { credential, vault, effects, settle } = world()
      await credential.assertionFor('https://other.example/token')
      const held = Promise.withResolvers<void>()
      vault.until = held.promise
      const assertion = credential.assertionFor(TOKEN_ENDPOINT)
      await settle()
      effects.advance(ms)
      held.resolve()
      const { proof } = await assertion

      expect(vault.signedWith).toHaveLength(1 + count)
      expect(proof.claims?.iat).toBe(Math.floor((count === 1 ? START_MS : effects.now()) / 1_000))
    },
  )

  it('needs no timer where it is at hand', async () => {
    const { jws } = world()
    await jws()
    const asked = shortenDeadline(6_000)
    await jws()

    expect(asked).toEqual([])
  })

  it('is made once for a hundred callers', async () => {
    const { jws, vault } = world()

    const all = await Promise.all(Array.from({ length: 100 }, jws))

    expect(new Set(all).size).toBe(1)
    expect(vault.signedWith).toHaveLength(1)
    expect(vault.reads).toBe(1)
  })

  it('is used for five minutes, to the millisecond', async () => {
    const { jws, vault, effects } = world()
    const first = await jws()
    effects.advance(5 * MINUTE_MS - 1)

    expect(await jws()).toBe(first)
    expect(vault.signedWith).toHaveLength(1)
  })

  it('is renewed in the background from then on, and nobody waits', async () => {
    const { jws, vault, effects, settle } = world()
    const first = await jws()
    effects.advance(5 * MINUTE_MS)

    expect(await jws()).toBe(first)
    await settle()
    expect(vault.signedWith).toHaveLength(2)
    expect(decodeJwt(await jws()).jti).not.toBe(decodeJwt(first).jti)
  })

  it('serves on while the vault is away, until a minute before it expires', async () => {
    const { jws, vault, effects, settle, credential } = world()
    const first = await jws()
    vault.isAway = true
    effects.advance(8 * MINUTE_MS - 1)

    expect(await jws()).toBe(first)
    await settle()
    expect(effects.logs.at(-1)).toMatchObject({ level: 'warn', event: 'credential.renewal_failed' })

    effects.advance(1)
    expect((await faultOf(() => credential.assertionFor(TOKEN_ENDPOINT))).code).toBe('vault/unavailable')
  })

  it('is never handed out with less than a minute to live', async () => {
    const { jws, effects } = world()
    for (let minute = 0; minute < 60; minute += 1) {
      const { exp = 0 } = decodeJwt(await jws())
      expect(exp * 1_000 - effects.now()).toBeGreaterThan(MINUTE_MS)
      effects.advance(MINUTE_MS)
    }
  })

  it('is made for each audience by itself', async () => {
    const { credential, vault } = world()
    const one = await credential.assertionFor('https://one.example/token')
    const other = await credential.assertionFor('https://other.example/token')

    expect(decodeJwt(one.jws).aud).toBe('https://one.example/token')
    expect(decodeJwt(other.jws).aud).toBe('https://other.example/token')
    expect(vault.reads).toBe(1)
  })

  it('is logged by the names of the certificate that signed: the one in its header and the one that the portal lists', async () => {
    const { credential, effects } = world()
    const { proof } = await credential.assertionFor(TOKEN_ENDPOINT)

    const signed = effects.logs.find(({ event }) => event === 'credential.signed')
    expect(signed?.level).toBe('info')
    expect(signed?.facts).toEqual({
      credential: 'vault',
      certificate: 'signing',
      certificateVersion: 'v1',
      thumbprintS256: 'thumbprint-of-v1',
      thumbprintSha1: 'SHA1-OF-v1',
      keyId: 'https://vault.example/keys/signing/v1',
      jti: proof.claims?.jti,
    })
    expect(proof.header?.['x5t#S256']).toBe(signed?.facts.thumbprintS256)
  })

  it('never takes part in the log', async () => {
    const { jws, effects } = world()
    const assertion = await jws()
    const logged = JSON.stringify(effects.logs)

    expect(logged).toContain('credential.signed')
    for (const part of assertion.split('.').slice(0, 2)) expect(logged).not.toContain(part)
  })
})

describe('check', () => {
  it('has the key sign anew, whatever is held', async () => {
    const { credential, vault, jws } = world()
    const first = await jws()
    await credential.check(TOKEN_ENDPOINT)

    expect(vault.signedWith).toHaveLength(2)
    expect(await jws()).not.toBe(first)
  })

  it('tells of a key that was disabled at once, though an assertion by it is still good', async () => {
    const { credential, vault, jws } = world()
    const held = await jws()
    vault.signFault = new AppError('vault/key_unusable', { detail: 'KeyDisabled' })

    expect((await faultOf(() => credential.check(TOKEN_ENDPOINT))).code).toBe('vault/key_unusable')
    expect(await jws()).toBe(held)
  })

  it('passes over a vault that is away while there is an assertion to use, and not a moment longer', async () => {
    const { credential, vault, jws, effects } = world()
    await jws()
    vault.isAway = true
    await credential.check(TOKEN_ENDPOINT)

    effects.advance(9 * MINUTE_MS)
    expect((await faultOf(() => credential.check(TOKEN_ENDPOINT))).code).toBe('vault/unavailable')
  })
})

describe('warm', () => {
  it('has an assertion ready before anybody asks', async () => {
    const { credential, vault, settle, jws } = world()
    credential.warm(TOKEN_ENDPOINT)
    await settle()
    vault.isAway = true

    expect(await jws()).toContain('.')
    expect(vault.signedWith).toHaveLength(1)
  })

  it('never throws, and says in the log that it failed', async () => {
    const { credential, vault, settle, effects } = world()
    vault.isAway = true

    credential.warm(TOKEN_ENDPOINT)
    await settle()

    expect(effects.logs).toEqual([
      {
        level: 'warn',
        event: 'credential.renewal_failed',
        facts: { fault: 'vault/unavailable', kind: 'upstream' },
      },
    ])
  })
})

describe('the certificate', () => {
  it('is read anew in the background after an hour', async () => {
    const { jws, vault, effects, settle } = world()
    await jws()
    vault.versions = ['v2']
    effects.advance(HOUR_MS - 1)
    await jws()
    await settle()
    expect(vault.reads).toBe(1)

    effects.advance(10 * MINUTE_MS)
    await jws()
    await settle()
    expect(vault.reads).toBe(2)
    expect(vault.signedWith.at(-1)).toContain('v1')
  })

  it('is not used past its own end, even where the vault would not answer', async () => {
    const { jws, vault, effects, credential } = world()
    vault.expiresAtMs = START_MS + 30 * MINUTE_MS
    await jws()
    vault.versions = ['v2']
    vault.expiresAtMs = START_MS + 90 * 24 * HOUR_MS
    effects.advance(30 * MINUTE_MS)

    const { proof } = await credential.assertionFor(TOKEN_ENDPOINT)

    expect(proof.keyId).toContain('v2')
  })
})
