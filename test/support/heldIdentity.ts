/** An identity of the platform that answers when the test says so, behind the app's own reading of it. */
import type { AccessToken, GetTokenOptions } from '@azure/identity'
import { vi } from 'vitest'
import { shareIdentity } from '../../lib/credential/sharedIdentity.ts'
import { heldEffects } from './heldEffects.ts'

const HOUR_MS = 3_600_000

export interface Asked {
  readonly scopes: string | string[]
  readonly options: GetTokenOptions | undefined
  give(token: Partial<AccessToken> | null): Promise<void>
  fail(fault: unknown): Promise<void>
}

/** An identity that answers when the test says so. */
export function heldIdentity({ hasOneTenant = true }: { hasOneTenant?: boolean } = {}) {
  const effects = heldEffects()
  const asked: Asked[] = []
  const settle = () => new Promise<void>((done) => setImmediate(done))
  const identity = shareIdentity({
    effects,
    hasOneTenant,
    identity: {
      getToken(scopes, options) {
        const { promise, resolve, reject } = Promise.withResolvers<AccessToken | null>()
        asked.push({
          scopes,
          options,
          give: (token) => {
            const expiresOnTimestamp = effects.now() + HOUR_MS
            resolve(token === null ? null : { token: `token ${asked.length}`, expiresOnTimestamp, ...token })
            return settle()
          },
          fail: (fault) => {
            reject(fault)
            return settle()
          },
        })
        return promise
      },
    },
  })
  const call = (i: number): Asked => {
    const found = asked[i]
    if (found === undefined) throw new Error(`the identity was not asked ${i + 1} times`)
    return found
  }
  return { effects, asked, call, identity, settle }
}

/** Deadlines that pass when the test says so, by their length. */
export function heldDeadlines() {
  const controllers: [ms: number, controller: AbortController][] = []
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const controller = new AbortController()
    controllers.push([ms, controller])
    return controller.signal
  })
  return {
    asked: () => controllers.map(([ms]) => ms),
    pass: (ms: number) => {
      for (const [length, controller] of controllers) if (length === ms) controller.abort()
    },
  }
}

/** What is asked for and never answered here is given up after these tests. */
export function asks(token: Promise<AccessToken>): void {
  token.catch(() => undefined)
}
