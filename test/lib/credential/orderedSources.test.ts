/** An ordered list of sources: who serves when, what moves on to the next one and what does not. */
import { describe, expect, it } from 'vitest'
import type { CredentialSource } from '../../../lib/credential/clientCredential.ts'
import { createOrderedSources } from '../../../lib/credential/orderedSources.ts'
import { AppError } from '../../../lib/errors/appError.ts'
import type { ErrorCode } from '../../../lib/errors/table.ts'
import { TOKEN_ENDPOINT } from '../../support/credentialWorld.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))

/** A source in the test's hand: gives what it is told to give, and counts who asked. */
function held(kind: CredentialSource['kind']) {
  const state = { fault: undefined as ErrorCode | undefined, asked: 0, checked: 0, alternatives: 0 }
  function give(): void {
    if (state.fault !== undefined) throw new AppError(state.fault)
  }
  const source: CredentialSource = {
    kind,
    async assertionFor() {
      state.asked += 1
      give()
      return { jws: `by ${kind}`, proof: { method: kind } }
    },
    async alternativeTo() {
      state.alternatives += 1
      return undefined
    },
    async check() {
      state.checked += 1
      give()
    },
    warm: () => undefined,
  }
  return { state, source }
}

function world() {
  const effects = heldEffects()
  const vault = held('vault')
  const identity = held('managed-identity')
  const tpm = held('tpm')
  const sources = [vault.source, identity.source, tpm.source]
  const credential = createOrderedSources({ sources, effects })
  return {
    effects,
    credential,
    vault: vault.state,
    identity: identity.state,
    tpm: tpm.state,
    who: async () => (await credential.assertionFor(TOKEN_ENDPOINT)).proof.method,
    events: () => effects.logs.map(({ event, facts }) => `${event} ${facts.credential}`),
  }
}

describe('an ordered list of sources', () => {
  it('has the first one serve, and asks no other', async () => {
    const { who, identity, tpm, events } = world()

    expect([await who(), await who()]).toEqual(['vault', 'vault'])
    expect([identity.asked, tpm.asked]).toEqual([0, 0])
    expect(events()).toEqual([])
  })

  it('has the next one serve where the one before can give none, and says so once', async () => {
    const { who, vault, identity, tpm, effects } = world()
    vault.fault = 'vault/unavailable'

    expect([await who(), await who(), await who()]).toEqual(Array(3).fill('managed-identity'))
    expect([vault.asked, identity.asked, tpm.asked], 'nobody waits for the first one again').toEqual([
      1, 3, 0,
    ])
    expect(effects.logs).toEqual([
      {
        level: 'warn',
        event: 'credential.source_failed',
        facts: expect.objectContaining({ credential: 'vault', fault: 'vault/unavailable' }),
      },
    ])
  })

  it('tries one that failed in the background, every quarter of a minute, and has it serve as soon as it can', async () => {
    const { who, vault, effects, events } = world()
    vault.fault = 'vault/unavailable'
    await who()
    effects.advance(15_000 - 1)
    await who()
    expect(vault.checked).toBe(0)
    effects.advance(1)
    await Promise.all([who(), who(), who()])
    expect(vault.checked).toBe(1)
    await settle()
    expect(await who()).toBe('managed-identity')

    vault.fault = undefined
    effects.advance(15_000)
    expect(await who(), 'nobody waits for the trial').toBe('managed-identity')
    await settle()
    expect(await who()).toBe('vault')
    expect(events()).toEqual(['credential.source_failed vault', 'credential.source_serves vault'])
    expect(effects.logs.map(({ level }) => level)).toEqual(['warn', 'info'])
  })

  it('has one that failed take its place again as soon as it gave an assertion, or passed a check', async () => {
    const { who, credential, vault, identity, tpm, events } = world()
    vault.fault = identity.fault = tpm.fault = 'vault/unavailable'
    await faultOf(() => credential.assertionFor(TOKEN_ENDPOINT))
    identity.fault = undefined
    await who()
    vault.fault = undefined
    await credential.check(TOKEN_ENDPOINT)

    expect(await who()).toBe('vault')
    expect(events().slice(3)).toEqual([
      'credential.source_serves managed-identity',
      'credential.source_serves vault',
      'credential.source_unfit tpm',
    ])
  })

  it('offers no alternative to what none of them gave', async () => {
    const { credential } = world()
    const foreign = { jws: 'by pem', proof: { method: 'pem' } } as const

    expect(await credential.alternativeTo(foreign, TOKEN_ENDPOINT)).toBeUndefined()
  })

  it('asks those that failed all the same where no other can, and throws the fault of the first', async () => {
    const { who, credential, vault, identity, tpm } = world()
    vault.fault = 'vault/forbidden'
    identity.fault = 'identity/unavailable'
    tpm.fault = 'tpm/locked_out'
    for (let i = 0; i < 2; i += 1)
      expect((await faultOf(() => credential.assertionFor(TOKEN_ENDPOINT))).code).toBe('vault/forbidden')

    identity.fault = undefined
    expect(await who()).toBe('managed-identity')
  })

  it('is moved on by no refusal of Entra: only the source that was refused may have another version', async () => {
    const { credential, who, vault, identity, tpm, events } = world()
    const refused = await credential.assertionFor(TOKEN_ENDPOINT)

    expect(await credential.alternativeTo(refused, TOKEN_ENDPOINT)).toBeUndefined()
    expect([vault.alternatives, identity.alternatives, tpm.alternatives]).toEqual([1, 0, 0])
    expect([identity.asked, tpm.asked]).toEqual([0, 0])
    expect(await who()).toBe('vault')
    expect(events()).toEqual([])
  })

  it('asks the source that gave an assertion for an alternative to it, though another serves by now', async () => {
    const { credential, vault, identity } = world()
    vault.fault = 'vault/unavailable'
    const refused = await credential.assertionFor(TOKEN_ENDPOINT)
    vault.fault = undefined
    await credential.alternativeTo(refused, TOKEN_ENDPOINT)

    expect([vault.alternatives, identity.alternatives]).toEqual([0, 1])
  })

  it('is fit while one of them is, and names each that is not', async () => {
    const { credential, vault, identity, tpm, events, effects } = world()
    vault.fault = 'vault/key_unusable'
    tpm.fault = 'tpm/unavailable'
    await credential.check(TOKEN_ENDPOINT)

    expect([vault.checked, identity.checked, tpm.checked]).toEqual([1, 1, 1])
    expect(events()).toEqual(['credential.source_unfit vault', 'credential.source_unfit tpm'])
    expect(effects.logs.map(({ level }) => level)).toEqual(['warn', 'warn'])

    identity.fault = 'identity/unavailable'
    expect((await faultOf(() => credential.check(TOKEN_ENDPOINT))).code).toBe('vault/key_unusable')
  })

  it('warms up without ever throwing', async () => {
    const { credential, vault, identity, tpm } = world()
    vault.fault = identity.fault = tpm.fault = 'vault/unavailable'
    credential.warm(TOKEN_ENDPOINT)
    await settle()

    expect([vault.asked, identity.asked, tpm.asked]).toEqual([1, 1, 1])
  })
})

it('a source alone has its faults told by whoever wanted an assertion, and nobody speaks of others', async () => {
  const effects = heldEffects()
  const { source, state } = held('vault')
  const credential = createOrderedSources({ sources: [source], effects })
  state.fault = 'vault/unavailable'
  await faultOf(() => credential.assertionFor(TOKEN_ENDPOINT))
  state.fault = undefined
  await credential.assertionFor(TOKEN_ENDPOINT)

  expect(effects.logs).toEqual([])
})
