/** A certificate version that Entra or the vault refuses: another valid one signs, and the vault is not worn out. */
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../lib/errors/appError.ts'
import { keyOf, TOKEN_ENDPOINT, credentialWorld as world } from '../../support/credentialWorld.ts'
import { faultOf } from '../../support/faultOf.ts'
import { shortenDeadline } from '../../support/shortenDeadline.ts'

const MINUTE_MS = 60_000

describe('where Entra refuses the version that signed', () => {
  it('another valid one signs at once, and from then on', async () => {
    const { credential, vault, versionInUse, effects } = world()
    vault.versions = ['v1', 'v2']
    const refused = await credential.assertionFor(TOKEN_ENDPOINT)
    expect(refused.proof.certificate?.version).toBe('v2')

    const other = await credential.alternativeTo(refused, TOKEN_ENDPOINT)
    expect(other?.proof.certificate?.version).toBe('v1')
    expect(other?.proof.header?.['x5t#S256']).toBe('thumbprint-of-v1')
    expect(await versionInUse()).toBe('v1')
    expect(effects.logs).toContainEqual({
      level: 'warn',
      event: 'credential.version_refused',
      facts: expect.objectContaining({ certificateVersion: 'v2', instead: 'v1' }),
    })
  })

  it('a hundred who were refused share one look at the certificate and one signature', async () => {
    const { credential, vault } = world()
    vault.versions = ['v1', 'v2']
    const refused = await credential.assertionFor(TOKEN_ENDPOINT)
    const found = await Promise.all(
      Array.from({ length: 100 }, () => credential.alternativeTo(refused, TOKEN_ENDPOINT)),
    )

    expect(new Set(found.map((one) => one?.jws)).size).toBe(1)
    expect([vault.reads, vault.signedWith]).toEqual([2, [keyOf('v2'), keyOf('v1')]])
    // Somebody whose request had been under way for longer.
    expect(await credential.alternativeTo(refused, TOKEN_ENDPOINT)).toBe(found[0])
  })

  it('the old version serves everybody else meanwhile', async () => {
    const { credential, vault, jws } = world()
    vault.versions = ['v1', 'v2']
    const refused = await credential.assertionFor(TOKEN_ENDPOINT)
    const held = Promise.withResolvers<void>()
    vault.until = held.promise
    const other = credential.alternativeTo(refused, TOKEN_ENDPOINT)

    expect(await jws()).toBe(refused.jws)
    held.resolve()
    expect(await jws()).toBe(refused.jws)
    expect((await other)?.proof.certificate?.version).toBe('v1')
  })

  it('there is no alternative where no other version is valid; a new assertion is signed, and nobody waits for it', async () => {
    const { credential, vault, jws, settle } = world()
    const refused = await credential.assertionFor(TOKEN_ENDPOINT)

    expect(await credential.alternativeTo(refused, TOKEN_ENDPOINT)).toBeUndefined()
    expect(await jws()).toBe(refused.jws)
    await settle()
    expect(await jws()).not.toBe(refused.jws)
    expect(vault.signedWith).toEqual([keyOf('v1'), keyOf('v1')])
  })

  it('and the other one as well, the version was not the reason: the vault is asked once a minute', async () => {
    const { credential, vault, effects } = world()
    vault.versions = ['v1', 'v2']
    for (let i = 0; i < 20; i += 1) {
      const refused = await credential.assertionFor(TOKEN_ENDPOINT)
      const other = await credential.alternativeTo(refused, TOKEN_ENDPOINT)
      expect(other === undefined).toBe(i > 0)
    }
    expect(vault.signedWith).toEqual([keyOf('v2'), keyOf('v1')])

    effects.advance(MINUTE_MS)
    const refused = await credential.assertionFor(TOKEN_ENDPOINT)
    expect(refused.proof.certificate?.version).toBe('v1')
    const other = await credential.alternativeTo(refused, TOKEN_ENDPOINT)
    expect(other?.proof.certificate?.version, 'all were refused: the usual choice').toBe('v2')
  })

  it('an assertion that was replaced or ran out meanwhile is taken as it stands now', async () => {
    const { credential, vault, effects } = world()
    vault.versions = ['v1', 'v2']
    const refused = await credential.assertionFor(TOKEN_ENDPOINT)
    effects.advance(9 * MINUTE_MS)
    const fresh = await credential.alternativeTo(refused, TOKEN_ENDPOINT)

    expect(fresh?.jws).not.toBe(refused.jws)
    expect(fresh?.proof.certificate?.version).toBe('v2')
  })

  it('an assertion that another version has replaced meanwhile is taken, and nothing is held against that version', async () => {
    const { credential, vault, versionInUse } = world()
    vault.versions = ['v1', 'v2']
    const refused = await credential.assertionFor(TOKEN_ENDPOINT)
    const other = await credential.alternativeTo(refused, TOKEN_ENDPOINT)
    vault.versions = ['v0', 'v1', 'v2']

    expect(await credential.alternativeTo({ ...refused, jws: 'older' }, TOKEN_ENDPOINT)).toBe(other)
    expect(await versionInUse()).toBe('v1')
    expect(vault.reads).toBe(2)
  })

  it('an assertion that is out of its time is the one that serves now, and nothing is held against its version', async () => {
    const { credential, vault, versionInUse } = world()
    vault.versions = ['v1', 'v2']
    const serving = await credential.assertionFor(TOKEN_ENDPOINT)
    const { claims } = serving.proof
    const late = claims && { ...serving, proof: { ...serving.proof, claims: { ...claims, exp: claims.nbf } } }

    expect(await credential.alternativeTo(late ?? serving, TOKEN_ENDPOINT)).toBe(serving)
    expect([await versionInUse(), vault.reads]).toEqual(['v2', 1])
  })

  it('though another version had taken its place by itself, that one serves, and nothing is held against it', async () => {
    const { credential, vault, effects, versionInUse, settle } = world()
    const former = await credential.assertionFor(TOKEN_ENDPOINT)
    vault.versions = ['v1', 'v2']
    for (let i = 0; i < 2; i += 1) {
      effects.advance(60 * MINUTE_MS)
      await versionInUse()
      await settle()
    }
    const serving = await credential.assertionFor(TOKEN_ENDPOINT)
    const { reads } = vault
    const { claims } = serving.proof
    const late = claims && { ...former, proof: { ...former.proof, claims } }

    expect(serving.proof.certificate?.version).toBe('v2')
    expect(await credential.alternativeTo(late ?? former, TOKEN_ENDPOINT)).toBe(serving)
    expect([await versionInUse(), vault.reads]).toEqual(['v2', reads])
  })

  it('that version is tried once more after an hour', async () => {
    const { credential, vault, effects, versionInUse, settle } = world()
    vault.versions = ['v1', 'v2']
    const refused = await credential.assertionFor(TOKEN_ENDPOINT)
    await credential.alternativeTo(refused, TOKEN_ENDPOINT)
    effects.advance(59 * MINUTE_MS)
    expect(await versionInUse()).toBe('v1')

    // The certificate is read and the assertion signed in the background, each when its turn comes.
    for (let i = 0; i < 3; i += 1) {
      effects.advance(6 * MINUTE_MS)
      await versionInUse()
      await settle()
    }
    expect(await versionInUse()).toBe('v2')
  })

  it('a vault that is away makes no fault of its own: there is no alternative, and what is held serves on', async () => {
    const { credential, vault, jws, effects } = world()
    vault.versions = ['v1', 'v2']
    const refused = await credential.assertionFor(TOKEN_ENDPOINT)
    vault.isAway = true

    expect(await credential.alternativeTo(refused, TOKEN_ENDPOINT)).toBeUndefined()
    expect(await jws()).toBe(refused.jws)

    vault.isAway = false
    effects.advance(MINUTE_MS)
    const other = await credential.alternativeTo(refused, TOKEN_ENDPOINT)
    expect(other?.proof.certificate?.version).toBe('v1')
  })

  it('the alternative is waited for three seconds, not more', async () => {
    const { credential, vault } = world()
    vault.versions = ['v1', 'v2']
    const refused = await credential.assertionFor(TOKEN_ENDPOINT)
    const held = Promise.withResolvers<void>()
    vault.until = held.promise
    const asked = shortenDeadline(3_000, 10)

    expect(await credential.alternativeTo(refused, TOKEN_ENDPOINT)).toBeUndefined()
    expect(asked).toEqual([3_000])
    held.resolve()
    expect((await credential.alternativeTo(refused, TOKEN_ENDPOINT))?.proof.certificate?.version).toBe('v1')
  })

  it('assertions for other token endpoints are not touched', async () => {
    const { credential, vault } = world()
    vault.versions = ['v1', 'v2']
    const other = await credential.assertionFor('https://other.example/token')
    const refused = await credential.assertionFor(TOKEN_ENDPOINT)
    await credential.alternativeTo(refused, TOKEN_ENDPOINT)

    expect(await credential.assertionFor('https://other.example/token')).toBe(other)
  })
})

describe('where the vault refuses to sign', () => {
  it('with the version in use, as after it was disabled, another one signs within the same load', async () => {
    const { vault, effects, versionInUse, settle } = world()
    vault.versions = ['v1', 'v2']
    await versionInUse()
    vault.disabled.add('v2')
    effects.advance(9 * MINUTE_MS)

    expect(await versionInUse()).toBe('v1')
    await settle()
    expect([vault.reads, vault.signedWith.map((keyId) => keyId.at(-1))]).toEqual([2, ['2', '2', '1']])
  })

  it('for a reason that is not the key, no other version is looked for', async () => {
    const { credential, vault } = world()
    vault.versions = ['v1', 'v2']
    vault.signFault = new AppError('vault/throttled')

    expect((await faultOf(() => credential.assertionFor(TOKEN_ENDPOINT))).code).toBe('vault/throttled')
    expect([vault.reads, vault.signedWith]).toEqual([1, [keyOf('v2')]])
  })

  it('with the only version there is, it is not asked a second time', async () => {
    const { credential, vault } = world()
    vault.signFault = new AppError('vault/key_unusable', { detail: 'KeyDisabled' })

    expect((await faultOf(() => credential.assertionFor(TOKEN_ENDPOINT))).code).toBe('vault/key_unusable')
    expect([vault.reads, vault.signedWith]).toEqual([2, [keyOf('v1')]])
  })

  it('whoever comes soon after hears the same, the vault is left in peace, and the log has one line', async () => {
    const { credential, vault, effects } = world()
    vault.isAway = true
    const faults = await Promise.all(
      Array.from({ length: 200 }, () => faultOf(() => credential.assertionFor(TOKEN_ENDPOINT))),
    )
    for (let i = 0; i < 200; i += 1) credential.warm(TOKEN_ENDPOINT)
    await new Promise((resolve) => setImmediate(resolve))

    expect(new Set(faults.map(({ code }) => code))).toEqual(new Set(['vault/unavailable']))
    expect([vault.reads, vault.signedWith.length]).toEqual([1, 0])
    expect(effects.logs.map(({ event }) => event)).toEqual(['credential.renewal_failed'])

    vault.isAway = false
    effects.advance(5_000)
    await expect(credential.assertionFor(TOKEN_ENDPOINT)).resolves.toBeDefined()
  })
})
