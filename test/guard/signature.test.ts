import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createTokenIssuer, refusalOf, userToken } from './tokenIssuer.ts'

const issuer = await createTokenIssuer()
const guard = issuer.guard()

describe('the signature', () => {
  const parts = (text: string) => text.replace('Bearer ', '').split('.')
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

  it.each(['none', 'HS256', 'PS256', 'ES256', 'rs256', undefined])(
    'alg %s is refused unread',
    async (alg) => {
      const [, payload, signature] = parts(await issuer.bearer(userToken))
      const header = encode({ alg, kid: 'published', typ: 'JWT' })
      expect(await refusalOf(guard, `Bearer ${header}.${payload}.${signature}`)).toMatchObject({
        status: 401,
        reason: 'wrong_algorithm',
      })
    },
  )

  it('an HS256 token made with the public key as secret is refused', async () => {
    const [key] = issuer.keys
    const signed = `${encode({ alg: 'HS256', kid: 'published' })}.${encode(userToken)}`
    const mac = createHmac('sha256', key?.n ?? '')
      .update(signed)
      .digest('base64url')
    expect((await refusalOf(guard, `Bearer ${signed}.${mac}`)).reason).toBe('wrong_algorithm')
  })

  it('a key that the token brings or points to is never used or fetched', async () => {
    await guard.judge(await issuer.bearer(userToken))
    const before = issuer.requests.length
    const header = { kid: 'published', jku: 'https://evil.example/keys', x5u: 'https://evil.example/cert' }
    const bearer = await issuer.bearer(userToken, { key: 'withheld', header })
    expect((await refusalOf(guard, bearer)).reason).toBe('bad_signature')
    expect(issuer.requests.slice(before)).toEqual([])
  })

  it('claims changed after signing are refused', async () => {
    const [header, , signature] = parts(await issuer.bearer({ ...userToken, azpacr: '1' }))
    expect((await refusalOf(guard, `Bearer ${header}.${encode(userToken)}.${signature}`)).reason).toBe(
      'bad_signature',
    )
  })

  it('a key published for another tenant cannot sign for this one', async () => {
    expect((await refusalOf(guard, await issuer.bearer(userToken, { key: 'foreign' }))).reason).toBe(
      'foreign_key',
    )
  })

  it('an extension that the token calls critical is never understood: unencoded content is none of a JWT (RFC 7797 section 7)', async () => {
    for (const header of [{ crit: ['b64'], b64: true }, { b64: false }])
      expect((await refusalOf(guard, await issuer.bearer(userToken, { header }))).reason).toBe(
        'malformed_token',
      )
  })

  it('signed text that is no JSON object is malformed', async () => {
    for (const claims of [['a'], 'text', null])
      expect((await refusalOf(guard, await issuer.bearer(claims as never))).reason).toBe('malformed_token')
  })

  it('an unknown key is looked up once, then refused without asking again', async () => {
    const fresh = await createTokenIssuer()
    const own = fresh.guard()
    const bearer = await fresh.bearer(userToken, { key: 'withheld' })
    for (let shown = 0; shown < 3; shown += 1)
      expect((await refusalOf(own, bearer)).reason).toBe('unknown_key')
    expect(fresh.requests.filter((path) => path.endsWith('/keys'))).toHaveLength(2)
  })
})
