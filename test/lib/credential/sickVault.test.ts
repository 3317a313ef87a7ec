/**
 * What a vault that does not answer costs each sign-in, by a clock in the test's hand: one comes every second, and every attempt at the vault
 * hangs until its time is up. A source that failed rests, so that most who come wait for nothing and ask the vault nothing (K5).
 */
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createVersionedAssertions } from '../../../lib/credential/versionedAssertions.ts'
import { asAppError } from '../../../lib/errors/appError.ts'
import { ATTEMPT_MS, attemptVault } from '../../../lib/vault/attempts.ts'
import { CLIENT } from '../../support/configOf.ts'
import { TOKEN_ENDPOINT } from '../../support/credentialWorld.ts'
import { heldEffects } from '../../support/heldEffects.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60_000

interface SignIn {
  readonly atMs: number
  waitedMs: number
  outcome: string
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }))
afterEach(() => void vi.useRealTimers())

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

function openInstance() {
  const effects = { ...heldEffects(), now: () => Date.now(), sleep: pause }
  const vault = { isSick: false, calls: 0 }
  async function call<T>(answer: T): Promise<T> {
    vault.calls += 1
    if (!vault.isSick) return answer
    await pause(ATTEMPT_MS)
    throw new DOMException('hung', 'TimeoutError')
  }
  const certificate = {
    name: 'signing',
    version: 'v1',
    keyId: 'https://vault.example/keys/signing/v1',
    thumbprintS256: 'x',
    thumbprintSha1: 'X',
    expiresAtMs: 8.64e15,
  }
  const credential = createVersionedAssertions({
    clientId: CLIENT,
    certificates: { read: () => attemptVault(effects, () => call(certificate)) },
    sign: () => attemptVault(effects, () => call(Uint8Array.of(1))),
    effects,
  })
  const signIns: SignIn[] = []
  async function signIn(): Promise<void> {
    const one: SignIn = { atMs: Date.now(), waitedMs: 0, outcome: 'waits' }
    signIns.push(one)
    one.outcome = await credential.assertionFor(TOKEN_ENDPOINT).then(
      () => 'signed in',
      (fault) => asAppError(fault).code,
    )
    one.waitedMs = Date.now() - one.atMs
  }
  return {
    vault,
    /** One sign-in a second, for so long; what it came to. */
    async during(ms: number) {
      const [from, calls] = [signIns.length, vault.calls]
      for (let passed = 0; passed < ms; passed += SECOND_MS) {
        void signIn()
        await vi.advanceTimersByTimeAsync(SECOND_MS)
      }
      const those = signIns.slice(from)
      const waits = those.map(({ waitedMs }) => waitedMs)
      return {
        outcomes: [...new Set(those.map(({ outcome }) => outcome))],
        waitingPercent: Math.round((waits.filter((wait) => wait > 0).length / those.length) * 100),
        averageSec:
          Math.round((waits.reduce((sum, wait) => sum + wait, 0) / those.length / SECOND_MS) * 10) / 10,
        longestMs: Math.max(...waits),
        callsPerMinute: (vault.calls - calls) / (ms / MINUTE_MS),
      }
    },
  }
}

describe('a vault that does not answer', () => {
  it('costs nobody anything for eight minutes, then few calls and a short wait, whatever the number of sign-ins', async () => {
    const instance = openInstance()
    await instance.during(SECOND_MS)
    instance.vault.isSick = true
    const free = { outcomes: ['signed in'], waitingPercent: 0, averageSec: 0, longestMs: 0 }

    expect(await instance.during(5 * MINUTE_MS - SECOND_MS)).toEqual({ ...free, callsPerMinute: 0 })
    expect(await instance.during(3 * MINUTE_MS)).toEqual({ ...free, callsPerMinute: 6 })
    const sick = await instance.during(10 * MINUTE_MS)
    expect(sick).toMatchObject({ outcomes: ['vault/timeout'], averageSec: 1.5, callsPerMinute: 11 })
    expect(sick.longestMs).toBeLessThan(5_500)
    expect(readFileSync('docs/operate.md', 'utf8').replace(/\s+/g, ' ')).toContain(
      `${sick.waitingPercent} of 100 sign-ins wait for a try that is under way, ${sick.averageSec} seconds on average over all and 5.5 at most; the others have the busy screen at once. The vault has ${sick.callsPerMinute} calls a minute from each instance`,
    )

    instance.vault.isSick = false
    const { outcomes } = await instance.during(8 * SECOND_MS)
    expect(outcomes.at(-1)).toBe('signed in')
    expect(await instance.during(MINUTE_MS)).toEqual({ ...free, callsPerMinute: 0 })
  })
})
