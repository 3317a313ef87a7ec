/** What every source of the client's credential promises, whatever stands behind it: one suite, sent through each. */
import { constants, type KeyObject, verify } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, it } from 'vitest'
import { type CredentialSource, proofFacts } from '../../../../lib/credential/clientCredential.ts'
import type { ErrorCode } from '../../../../lib/errors/table.ts'
import { CLIENT } from '../../../support/configOf.ts'
import { TOKEN_ENDPOINT } from '../../../support/credentialWorld.ts'
import { faultOf } from '../../../support/faultOf.ts'
import type { HeldEffects } from '../../../support/heldEffects.ts'

export interface SourceWorld {
  readonly source: CredentialSource
  readonly effects: HeldEffects
  /** How often whatever is behind it was asked for a proof. */
  asked(): number
  /** From now on nothing can be had from behind it, or it can again. */
  setAway(isAway: boolean): void
  /** The key that has signed; undefined where somebody else signs. */
  readonly publicKey?: KeyObject
  /** What nobody may read in a log or a fault. */
  readonly secrets: readonly string[]
  /** How long an assertion is used without a thought, and at all. Milliseconds. */
  readonly freshMs: number
  readonly usableMs: number
  readonly faultWhenAway: ErrorCode
}

/** Sends the suite through one source. */
export function conformsAsSource(name: string, open: () => Promise<SourceWorld>): void {
  describe(`the source ${name}`, () => {
    it('gives an assertion for this client and this token endpoint, that lives for minutes and whose proof names the source', async () => {
      const { source, effects, publicKey } = await open()
      const { jws, proof } = await source.assertionFor(TOKEN_ENDPOINT)
      const { exp = 0, nbf = 0 } = decodeJwt(jws)
      const nowSec = effects.now() / 1_000

      expect(proof.method).toBe(source.kind)
      expect(proofFacts(proof).credential).toBe(source.kind)
      expect(nbf).toBeLessThanOrEqual(nowSec)
      expect(exp).toBeGreaterThan(nowSec)
      if (publicKey === undefined) return
      expect(decodeJwt(jws)).toEqual(proof.claims)
      expect(decodeProtectedHeader(jws)).toEqual(proof.header)
      expect(proof.claims).toMatchObject({ iss: CLIENT, sub: CLIENT, aud: TOKEN_ENDPOINT })
      expect([exp - nbf, nowSec - nbf]).toEqual([600, 60])
      expect(isSignedBy(publicKey, jws)).toBe(true)
    })

    it('is asked once, for a hundred who want the same', async () => {
      const { source, asked } = await open()
      const all = await Promise.all(Array.from({ length: 100 }, () => source.assertionFor(TOKEN_ENDPOINT)))

      expect(new Set(all.map(({ jws }) => jws)).size).toBe(1)
      expect(asked()).toBe(1)
    })

    it('keeps the assertion while it is fresh, and renews it in the background after that', async () => {
      const { source, effects, asked, freshMs } = await open()
      const { jws: first } = await source.assertionFor(TOKEN_ENDPOINT)
      effects.advance(freshMs - 1)
      expect((await source.assertionFor(TOKEN_ENDPOINT)).jws).toBe(first)
      expect(asked()).toBe(1)

      effects.advance(1)
      expect((await source.assertionFor(TOKEN_ENDPOINT)).jws, 'nobody waits').toBe(first)
      await expect.poll(async () => (await source.assertionFor(TOKEN_ENDPOINT)).jws).not.toBe(first)
      expect(asked()).toBe(2)
    })

    it('serves on while nothing can be had, as long as the assertion is good, and says then what is wrong', async () => {
      const { source, effects, setAway, usableMs, faultWhenAway } = await open()
      const { jws: first } = await source.assertionFor(TOKEN_ENDPOINT)
      setAway(true)
      effects.advance(usableMs - 1)
      expect((await source.assertionFor(TOKEN_ENDPOINT)).jws).toBe(first)
      await expect.poll(() => effects.logs.at(-1)?.event).toMatch(/renewal_failed$/)

      effects.advance(1)
      expect((await faultOf(() => source.assertionFor(TOKEN_ENDPOINT))).code).toBe(faultWhenAway)

      setAway(false)
      effects.advance(60_000)
      expect((await source.assertionFor(TOKEN_ENDPOINT)).jws).not.toBe(first)
    })

    it('has no other assertion to offer where Entra refused the only one, and gives none up for it', async () => {
      const { source } = await open()
      const refused = await source.assertionFor(TOKEN_ENDPOINT)

      expect(await source.alternativeTo(refused, TOKEN_ENDPOINT)).toBeUndefined()
      expect(decodeJwt((await source.assertionFor(TOKEN_ENDPOINT)).jws).exp).toBeGreaterThan(0)
    })

    it('never throws where an alternative or a warm start is asked of it and nothing can be had', async () => {
      const { source, setAway } = await open()
      const refused = await source.assertionFor(TOKEN_ENDPOINT)
      setAway(true)

      expect(await source.alternativeTo(refused, TOKEN_ENDPOINT)).toBeUndefined()
      expect(() => source.warm(TOKEN_ENDPOINT)).not.toThrow()
    })

    it('is found unfit by a check where nothing can be had and nothing is held', async () => {
      const { source, setAway, faultWhenAway } = await open()
      setAway(true)

      expect((await faultOf(() => source.check(TOKEN_ENDPOINT))).code).toBe(faultWhenAway)
    })

    it('has an assertion ready after a warm start, before anybody asks', async () => {
      const { source, setAway, asked } = await open()
      source.warm(TOKEN_ENDPOINT)
      await expect.poll(asked).toBe(1)
      await source.assertionFor(TOKEN_ENDPOINT)
      setAway(true)

      await expect(source.assertionFor(TOKEN_ENDPOINT)).resolves.toBeDefined()
      expect(asked()).toBe(1)
    })

    it('tells neither the log nor a fault what is secret', async () => {
      const { source, effects, setAway, secrets, usableMs } = await open()
      const { jws } = await source.assertionFor(TOKEN_ENDPOINT)
      setAway(true)
      effects.advance(usableMs)
      const fault = await faultOf(() => source.assertionFor(TOKEN_ENDPOINT))
      const told = JSON.stringify([effects.logs, fault.message, fault.context])

      expect(effects.logs.length).toBeGreaterThan(0)
      for (const secret of [...secrets, ...jws.split('.')]) expect(told).not.toContain(secret)
    })
  })
}

function isSignedBy(publicKey: KeyObject, jws: string): boolean {
  const [header = '', claims = '', signature = ''] = jws.split('.')
  const padding =
    decodeProtectedHeader(jws).alg === 'PS256'
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
      : { padding: constants.RSA_PKCS1_PADDING }
  const input = Buffer.from(`${header}.${claims}`)
  return verify('sha256', input, { key: publicKey, ...padding }, Buffer.from(signature, 'base64url'))
}
