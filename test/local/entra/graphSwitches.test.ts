import { sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { sha1Hex } from '../../../lib/base/crypto.ts'
import type { ProofKey } from '../../../lib/entra/graphProof.ts'
import { outcomeOf } from '../../support/faultOf.ts'
import { openGraphWorld, proofKeyOf } from './graphWorld.ts'
import { clientId, createCertificate } from './world.ts'

const { entra, clock, certificate, next, open, objectId } = await openGraphWorld()
const DAY_MS = 86_400_000

describe('the switches of Graph', () => {
  const add = async (der: Buffer) =>
    (await open()).addKey(objectId(), { certificate: der }, proofKeyOf(certificate))
  const lasting = (days: number) =>
    createCertificate(clock.nowMs, { notBefore: clock.nowMs, notAfter: clock.nowMs + days * DAY_MS })

  test('let a key that was just added be seen late, and one taken away be seen for longer', async () => {
    entra.switches.graph.readDelayMs = 30_000
    const graph = await open()
    const seen = async () =>
      (await graph.application()).keyCredentials.map(({ thumbprintS256 }) => thumbprintS256)

    const added = await graph.addKey(objectId(), { certificate: next.der }, proofKeyOf(certificate))
    expect(await seen()).toEqual([certificate.thumbprintS256])
    clock.nowMs += 30_000
    expect(await seen()).toEqual([certificate.thumbprintS256, next.thumbprintS256])
    await graph.removeKey(objectId(), added?.keyId ?? '', proofKeyOf(certificate))
    expect(await seen()).toContain(next.thumbprintS256)
    clock.nowMs += 30_000
    expect(await seen()).toEqual([certificate.thumbprintS256])
  })

  test('have a limit of keys', async () => {
    entra.switches.graph.keyLimit = 1

    expect(await outcomeOf(async () => add((await lasting(1)).der))).toBe('graph/key_limit')
  })

  test('have a policy on lifetimes, which concerns applications from a day on and yields to one of their own', async () => {
    const outcomes = async () => [
      await outcomeOf(async () => add((await lasting(90)).der)),
      await outcomeOf(async () => add((await lasting(91)).der)),
    ]
    entra.switches.graph.tenantPolicy = { maxLifetimeDays: 90 }
    expect(await outcomes()).toEqual(['none', 'graph/policy_refused'])
    entra.switches.graph.tenantPolicy = { maxLifetimeDays: 90, isEnabled: false }
    expect(await outcomes()).toEqual(['none', 'none'])
    entra.switches.graph.tenantPolicy = { maxLifetimeDays: 90, fromCreationMs: clock.nowMs + DAY_MS }
    expect(await outcomes()).toEqual(['none', 'none'])
    entra.switches.graph.ownPolicies = { [clientId]: { maxLifetimeDays: 30 } }
    expect(await outcomes()).toEqual(['graph/policy_refused', 'graph/policy_refused'])

    const graph = await open()
    expect(await graph.tenantPolicy()).toMatchObject({
      isEnabled: true,
      restrictions: [
        { type: 'asymmetricKeyLifetime', maxLifetime: 'P90D', fromCreationMs: clock.nowMs + DAY_MS },
      ],
    })
    expect(await graph.ownPolicy()).toMatchObject({ restrictions: [{ maxLifetime: 'P30D' }] })
  })

  test('have a policy on who may issue', async () => {
    entra.switches.graph.tenantPolicy = { authorities: [certificate.der] }

    expect(await outcomeOf(async () => add((await lasting(1)).der))).toBe('graph/policy_refused')
  })

  test('take a proof with PS256, where somebody finds that Graph does', async () => {
    entra.switches.graph.acceptsPs256 = true
    const sealed: ProofKey = {
      thumbprintSha1: sha1Hex(certificate.der),
      alg: 'PS256',
      sign: async (input) =>
        sign('sha256', input, { key: certificate.privateKey, padding: 6, saltLength: 32 }),
    }
    const graph = await open()

    expect(
      await outcomeOf(async () => graph.addKey(objectId(), { certificate: (await lasting(1)).der }, sealed)),
    ).toBe('none')
  })
})
