import { describe, expect, it } from 'vitest'
import { createAppOnlyTokens } from '../../../lib/entra/appOnlyTokens.ts'
import { AppError } from '../../../lib/errors/appError.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'

const SCOPE = 'api://orders/.default'
const MINUTE_MS = 60_000

/** An Entra that counts its tokens. */
function open({ expiresIn = 3_600, ...body }: { expiresIn?: number; refresh_in?: unknown } = {}) {
  const effects = heldEffects()
  const asked: unknown[] = []
  let failing: AppError | undefined
  const tokens = createAppOnlyTokens({
    effects,
    endpoint: {
      async grant(...values) {
        asked.push(values)
        if (failing !== undefined) throw failing
        return {
          access_token: `token ${asked.length}`,
          token_type: 'bearer',
          expires_in: expiresIn,
          ...body,
        } as Awaited<ReturnType<Parameters<typeof createAppOnlyTokens>[0]['endpoint']['grant']>>
      },
    },
  })
  /** Until what runs in the background has ended. */
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  const failWith = (fault: AppError): void => {
    failing = fault
  }
  return { tokens, asked, effects, settle, failWith }
}

describe('a token of the app', () => {
  it('is asked for once for a resource, by client credentials, however many wait', async () => {
    const { tokens, asked } = open()

    expect(await Promise.all([tokens.tokenFor(SCOPE), tokens.tokenFor(SCOPE)])).toEqual([
      'token 1',
      'token 1',
    ])
    expect(await tokens.tokenFor('api://stock/.default')).toBe('token 2')
    expect(asked).toEqual([
      ['client_credentials', { scope: SCOPE }],
      ['client_credentials', { scope: 'api://stock/.default' }],
    ])
  })

  it.each([
    // Ten minutes before its end; at half its life where that is later; when Entra says, where that is earlier.
    [{}, 50 * MINUTE_MS],
    [{ expiresIn: 900 }, 7.5 * MINUTE_MS],
    [{ refresh_in: 600 }, 10 * MINUTE_MS],
    [{ refresh_in: '600' }, 10 * MINUTE_MS],
    [{ refresh_in: 3_500 }, 50 * MINUTE_MS],
    [{ refresh_in: 0 }, 50 * MINUTE_MS],
    [{ refresh_in: -1 }, 50 * MINUTE_MS],
    [{ refresh_in: 'soon' }, 50 * MINUTE_MS],
  ] as const)(
    'of an answer with %o is renewed after %i ms and not before, and nobody waits',
    async (answer, afterMs) => {
      const { tokens, asked, effects, settle } = open(answer)
      await tokens.tokenFor(SCOPE)

      effects.advance(afterMs - 1)
      expect(await tokens.tokenFor(SCOPE)).toBe('token 1')
      await settle()
      expect(asked).toHaveLength(1)

      effects.advance(1)
      expect(await tokens.tokenFor(SCOPE)).toBe('token 1')
      await settle()
      expect(await tokens.tokenFor(SCOPE)).toBe('token 2')
      expect(asked).toHaveLength(2)
    },
  )

  it('serves until its last minute while it cannot be renewed, and the log says so without it', async () => {
    const { tokens, effects, settle, failWith } = open()
    await tokens.tokenFor(SCOPE)
    failWith(new AppError('entra/unavailable'))
    effects.advance(59 * MINUTE_MS - 1)

    expect(await tokens.tokenFor(SCOPE)).toBe('token 1')
    await settle()
    expect(effects.logs).toMatchObject([
      {
        level: 'warn',
        event: 'app_only.renewal_failed',
        facts: { scope: SCOPE, fault: 'entra/unavailable' },
      },
    ])
    expect(JSON.stringify(effects.logs)).not.toContain('token 1')

    effects.advance(MINUTE_MS)
    expect((await faultOf(() => tokens.tokenFor(SCOPE))).code).toBe('entra/unavailable')
  })
})

describe('a token that its API refused', () => {
  it.each([
    [0, undefined, 1],
    [MINUTE_MS - 1, undefined, 1],
    [MINUTE_MS, 'token 2', 2],
  ] as const)('at the age of %i ms is replaced by %s', async (afterMs, expected, requests) => {
    const { tokens, asked, effects } = open()
    const refused = await tokens.tokenFor(SCOPE)
    effects.advance(afterMs)

    expect(await tokens.replace(SCOPE, refused)).toBe(expected)
    expect(asked).toHaveLength(requests)
  })

  it('is replaced by the one that is there already, young as it is', async () => {
    const { tokens, asked } = open()
    await tokens.tokenFor(SCOPE)

    expect(await tokens.replace(SCOPE, 'an older one')).toBe('token 1')
    expect(asked).toHaveLength(1)
  })

  it('is replaced by a new one where none is held', async () => {
    const { tokens, asked } = open()

    expect(await tokens.replace(SCOPE, 'of another instance')).toBe('token 1')
    expect(asked).toHaveLength(1)
  })

  it('is replaced once, however many were refused', async () => {
    const { tokens, asked, effects } = open()
    const refused = await tokens.tokenFor(SCOPE)
    effects.advance(MINUTE_MS)

    expect(await Promise.all([tokens.replace(SCOPE, refused), tokens.replace(SCOPE, refused)])).toEqual([
      'token 2',
      'token 2',
    ])
    expect(asked).toHaveLength(2)
  })
})
