import { describe, expect, it } from 'vitest'
import { REFUSALS } from '../../lib/guard/guard.ts'
import { API, createTokenIssuer, NOW_MS, refusalOf, TENANT, userToken, userTokenV1 } from './tokenIssuer.ts'

const issuer = await createTokenIssuer()
const guard = issuer.guard()

describe('answers', () => {
  it('invalid_token, insufficient_scope and certificate_client_required are named in challenge and body', async () => {
    const expired = await refusalOf(guard, await issuer.bearer({ ...userToken, exp: 1 }))
    const unscoped = await refusalOf(guard, await issuer.bearer({ ...userToken, scp: 'Other' }))
    const secret = await refusalOf(guard, await issuer.bearer({ ...userToken, azpacr: '1' }))

    const about = `Bearer realm="${API}", authorization_uri="https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/authorize"`
    expect(expired.headers['www-authenticate']).toBe(
      `${about}, error="invalid_token", error_description="${REFUSALS.expired.message}"`,
    )
    expect(unscoped.headers['www-authenticate']).toBe(
      `${about}, error="insufficient_scope", error_description="${REFUSALS.missing_scope.message}", scope="Orders.Read"`,
    )
    expect(secret).toMatchObject({
      status: 403,
      jsonBody: {
        error: 'certificate_client_required',
        reason: 'secret_client',
        message: REFUSALS.secret_client.message,
      },
    })
  })

  it('every message may stand in a quoted string as it is (RFC 6750 section 3)', () => {
    for (const { message } of Object.values(REFUSALS))
      expect(message).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/)
  })

  it('nothing of the token is echoed', async () => {
    const marked = Object.fromEntries(Object.keys(userToken).map((name) => [name, `marked-${name}`]))
    const { kid: _, ...header } = { kid: '', typ: 'marked-typ' }
    for (const ver of ['1.0', '2.0', 'marked-ver']) {
      const refusal = await refusalOf(guard, await issuer.bearer({ ...marked, ver }, { header }))
      expect(JSON.stringify(refusal)).not.toContain('marked')
    }
  })

  it('a claims challenge carries its claims as base64 JSON, given as object or as text from Entra', () => {
    const claims = { access_token: { acrs: { essential: true, value: 'c1' } } }
    const refusal = guard.demandClaims(claims)

    expect(refusal).toMatchObject({ status: 401, jsonBody: { error: 'insufficient_claims' } })
    const [, encoded = ''] =
      /error="insufficient_claims".*, claims="([^"]+)"$/.exec(refusal.headers['www-authenticate'] ?? '') ?? []
    expect(JSON.parse(Buffer.from(encoded, 'base64').toString())).toEqual(claims)
    expect(guard.demandClaims(JSON.stringify(claims))).toEqual(refusal)
  })
})

describe('keys', () => {
  it('without keys nobody is accepted: 503 with Retry-After, and the log says why', async () => {
    const fresh = await createTokenIssuer()
    const logged: unknown[] = []
    fresh.down = true
    let nowMs = NOW_MS
    const own = fresh.guard({ log: (...line) => void logged.push(line), now: () => nowMs })
    const bearer = await fresh.bearer(userToken)

    const refusal = await refusalOf(own, bearer)
    for (let i = 0; i < 30; i += 1) await refusalOf(own, bearer)
    const looks = fresh.requests.length
    fresh.down = false
    nowMs += 5_000

    expect(refusal).toMatchObject({
      status: 503,
      reason: 'keys_unavailable',
      headers: { 'retry-after': '10' },
    })
    expect(refusal.headers).not.toHaveProperty('www-authenticate')
    expect(looks, 'the provider is left in peace').toBe(1)
    expect(logged, 'a line for each look, not for each token').toEqual([
      ['warn', 'entra.renewal_failed', expect.objectContaining({ fault: 'entra/unavailable' })],
      ['error', 'guard.keys_unavailable', { code: 'entra/unavailable' }],
    ])
    expect(await own.judge(bearer)).toMatchObject({ kind: 'accepted' })
  })

  it.each([
    ['nothing', undefined],
    ['no number', Number.NaN],
    ['a time without end', Number.POSITIVE_INFINITY],
    ['a time before all', Number.NEGATIVE_INFINITY],
    ['a Date', new Date(NOW_MS)],
  ])('by a clock that says %s nobody is accepted, and no key is fetched', async (_what, said) => {
    const fresh = await createTokenIssuer()
    const { reason, status } = await refusalOf(
      fresh.guard({ now: (() => said) as () => number }),
      await fresh.bearer(userToken),
    )

    expect([reason, status, fresh.requests]).toEqual(['keys_unavailable', 503, []])
  })

  it('metadata of another issuer is refused like no metadata', async () => {
    const fetch: typeof globalThis.fetch = async () => Response.json({ issuer: 'https://evil.example' })
    expect((await refusalOf(issuer.guard({ fetch }), await issuer.bearer(userToken))).status).toBe(503)
  })

  it('no request goes out before the first token, and none for a header without one', async () => {
    const fresh = await createTokenIssuer()
    await refusalOf(fresh.guard(), null)
    await refusalOf(fresh.guard(), 'Bearer not.a.token')
    expect(fresh.requests).toEqual([])
  })

  it('a guard derived with requiring has another permission and the same keys', async () => {
    const fresh = await createTokenIssuer()
    const reading = fresh.guard()
    const writing = reading.requiring({ scopes: ['Orders.Write'] })
    const [full, narrow] = [await fresh.bearer(userToken), await fresh.bearer(userTokenV1)]

    expect(await writing.judge(full)).toMatchObject({ kind: 'accepted' })
    expect((await refusalOf(writing, narrow)).headers['www-authenticate']).toContain('scope="Orders.Write"')
    expect(await reading.judge(narrow)).toMatchObject({ kind: 'accepted' })
    expect(fresh.requests).toHaveLength(2)
  })
})
