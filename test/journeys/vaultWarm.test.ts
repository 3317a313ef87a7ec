/** An instance that has signed: it needs no vault for eight minutes, and it signs with a version that Entra knows. */
import { describe, expect, test } from 'vitest'
import type { Fault } from '../../local/faults.ts'
import { openJourney } from '../support/openJourney.ts'
import { expectScreen, readSession } from '../support/screens.ts'
import { shortenDeadline } from '../support/shortenDeadline.ts'
import { location, newVisitor, type Visitor } from '../support/visitor.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const ATTEMPT_MS = 2_500

const world = await openJourney({
  isFrozen: true,
  effects: { sleep: async () => undefined },
  desk: { identityTokenLifetimeSec: 30 * 86_400 },
})
const { vault, entra, clientId } = world.desk

async function signedIn(): Promise<Visitor> {
  const visitor = newVisitor(world.origin)
  const reply = await visitor.signIn()
  expect([reply.status, location(reply)]).toEqual([303, '/'])
  return visitor
}

/** The key version that proved the sign-in of whoever comes now. */
async function versionInUse(): Promise<string> {
  const { clientProof } = await readSession(world, await signedIn())
  return (
    String(Reflect.get(Object(clientProof), 'keyId'))
      .split('/')
      .at(-1) ?? ''
  )
}

function signatures(): number {
  return vault.requests.filter(({ operation, status }) => operation === 'sign' && status === 200).length
}

function renewalsFailed(): number {
  return world.logs.filter(({ event }) => event === 'credential.renewal_failed').length
}

describe('a vault that goes away under a warm instance (promise 4)', () => {
  test('sign-ins go on until the assertion has a minute left; then they wait, and the screen says busy', async () => {
    shortenDeadline(ATTEMPT_MS)
    world.replaceInstance()
    await signedIn()
    const before = { signatures: signatures(), requests: vault.requests.length, failed: renewalsFailed() }
    vault.faults.always({ kind: 'stall' })

    world.advance(5 * MINUTE_MS - 1)
    await signedIn()
    expect(vault.requests.length, 'a fresh assertion needs nobody').toBe(before.requests)

    world.advance(1)
    await signedIn()
    await expect.poll(renewalsFailed).toBe(before.failed + 1)
    world.advance(3 * MINUTE_MS - 1)
    await signedIn()
    world.advance(1)
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback()
    expectScreen(world, await visitor.post(form), 'vault/timeout')

    vault.faults.clear()
    world.advance(5_000)
    expect(location(await visitor.post(form))).toBe('/')
    expect(signatures()).toBeGreaterThan(before.signatures)
  })

  test('a renewal in the background costs one signature, however many people come', async () => {
    world.replaceInstance()
    await signedIn()
    const before = signatures()
    world.advance(5 * MINUTE_MS)
    const people = await Promise.all(Array.from({ length: 10 }, () => signedIn()))
    await expect.poll(signatures).toBe(before + 1)
    expect(people).toHaveLength(10)
    await signedIn()
    expect(signatures()).toBe(before + 1)
  })

  test.each<[what: string, fault: Fault, forMs: number]>([
    ['a quarter of a minute', { kind: 'throttle' }, 15_000],
    ['as long as it asked for, if that is longer', { kind: 'throttle', retryAfterSec: 40 }, 40_000],
  ])('after a failed renewal the vault is left in peace for %s', async (_what, fault, forMs) => {
    world.replaceInstance()
    await signedIn()
    const failed = renewalsFailed()
    world.advance(5 * MINUTE_MS)
    vault.faults.always(fault)
    await signedIn()
    await expect.poll(renewalsFailed).toBe(failed + 1)
    const requests = vault.requests.length
    world.advance(forMs - 1)
    await signedIn()
    expect(vault.requests.length).toBe(requests)
    world.advance(1)
    await signedIn()
    await expect.poll(renewalsFailed).toBe(failed + 2)
  })
})

describe('rotation (K4, promise 8)', () => {
  test('a version that was just made does not sign while an older one is valid, and after a day it does', async () => {
    const old = vault.certificate()
    world.replaceInstance()
    expect(await versionInUse()).toBe(old.version)

    const young = await vault.rotate()
    expect(await versionInUse(), 'a warm instance').toBe(old.version)
    world.replaceInstance()
    expect(await versionInUse(), 'a cold instance').toBe(old.version)
    world.advance(DAY_MS - 1_000)
    world.replaceInstance()
    expect(await versionInUse(), 'a second before').toBe(old.version)

    entra.registerCertificate(clientId, young.der)
    world.advance(2_000)
    world.replaceInstance()
    expect(await versionInUse(), 'a second after').toBe(young.version)
  })

  test('a version that nobody registered in time fails no sign-in: the one before signs, and the new one once it is registered', async () => {
    const old = vault.certificate()
    const young = await vault.rotate()
    world.advance(DAY_MS)
    world.replaceInstance()
    expect(await versionInUse()).toBe(old.version)

    entra.registerCertificate(clientId, young.der)
    world.replaceInstance()
    expect(await versionInUse()).toBe(young.version)
  })

  test('a newest version that is disabled does not sign: the one before does', async () => {
    const before = vault.certificate()
    const newest = await vault.rotate()
    vault.disable(newest.version)
    world.advance(DAY_MS)
    world.replaceInstance()
    expect(await versionInUse()).toBe(before.version)
  })

  test('a pinned version signs, whatever newer ones there are', async () => {
    const [first] = vault.versions()
    const version = first?.version ?? ''
    world.replaceInstance({ SIGNING_CERTIFICATE: `${vault.certificateName}/${version}` })
    expect(await versionInUse()).toBe(version)
  })

  test('a pinned version that is disabled is our fault, and no other takes its place', async () => {
    const [first] = vault.versions()
    const version = first?.version ?? ''
    vault.disable(version)
    world.replaceInstance({ SIGNING_CERTIFICATE: `${vault.certificateName}/${version}` })
    const asked = vault.requests.filter(({ operation }) => operation === 'sign').length
    expectScreen(world, await newVisitor(world.origin).signIn(), 'vault/key_unusable')
    expect(vault.requests.filter(({ operation }) => operation === 'sign')).toHaveLength(asked)
    expect(world.logs.findLast(({ event }) => event === 'request')?.facts.detail).toBe(
      `version ${version} is disabled`,
    )
  })

  test('where every version is disabled none signs, the vault is not asked to, and the log says why', async () => {
    for (const { version } of vault.versions()) vault.disable(version)
    world.replaceInstance()
    const asked = vault.requests.filter(({ operation }) => operation === 'sign').length
    expectScreen(world, await newVisitor(world.origin).signIn(), 'vault/key_unusable')
    expect(vault.requests.filter(({ operation }) => operation === 'sign')).toHaveLength(asked)
    expect(world.logs.findLast(({ event }) => event === 'request')?.facts.detail).toMatch(/is disabled$/)
  })
})
