/** What strangers can make a vault that says no do: the work that anonymous sign-ins cause, counted. */
import { afterEach, describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../lib/errors/table.ts'
import type { Fault } from '../../local/faults.ts'
import { openJourney } from '../support/openJourney.ts'
import { expectScreen } from '../support/screens.ts'
import { newVisitor } from '../support/visitor.ts'

const LOGINS = 200
const world = await openJourney({ isFrozen: true, effects: { sleep: async () => undefined } })
const { vault, identity } = world.desk

/** Once the one before has nothing under way any more. */
async function coldInstance(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  const { credential, config } = world.app()
  await credential.assertionFor(config.entra.token)
  world.replaceInstance(settings)
}
afterEach(() => {
  vault.faults.clear()
  world.replaceInstance()
})

const FAULTS: readonly (readonly [
  what: string,
  fault: Fault,
  only: 'certificate read' | 'sign',
  ErrorCode,
])[] = [
  ['forbids reading', { kind: 'forbid' }, 'certificate read', 'vault/not_yet_allowed'],
  ['forbids signing', { kind: 'forbid' }, 'sign', 'vault/not_yet_allowed'],
  ['is broken', { kind: 'broken' }, 'certificate read', 'vault/unavailable'],
  ['throttles', { kind: 'throttle' }, 'sign', 'vault/throttled'],
]

/** Anonymous sign-ins begun, one after another and many at once. */
async function flood(): Promise<void> {
  const login = () => newVisitor(world.origin).ask(`${world.origin}/auth/login`)
  for (let i = 0; i < LOGINS / 20; i += 1) {
    const replies = await Promise.all(Array.from({ length: 20 }, login))
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([302]))
  }
}

describe.each(FAULTS)('a vault that %s', (_what, fault, only, code) => {
  test(`is asked for one load, and the log has one line for it, however many of ${LOGINS} sign-ins begin meanwhile`, async () => {
    await coldInstance()
    vault.faults.always(fault, only)
    const seen = vault.requests.length
    const lines = world.logs.length
    await flood()
    const calls = vault.requests.slice(seen).filter(({ operation }) => operation === only)
    // What may pass is tried twice in one load.
    expect(calls).toHaveLength(2)
    await expect
      .poll(() =>
        world.logs
          .slice(lines)
          .filter(({ event }) => event !== 'request')
          .map(({ event }) => event),
      )
      .toEqual(['credential.renewal_failed'])

    world.advance(5_000)
    const later = vault.requests.length
    await flood()
    expect(vault.requests.length - later, 'and once in five seconds').toBeLessThanOrEqual(2)

    const visitor = newVisitor(world.origin)
    expectScreen(world, await visitor.post(await visitor.toCallback()), code)
  })
})

test('an identity that gives no token is asked once as well, and the log has a line for it and one for the assertion', async () => {
  await coldInstance({ AZURE_CLIENT_ID: crypto.randomUUID() })
  const seen = identity.requests.length
  const lines = world.logs.length
  await flood()
  expect(identity.requests.length - seen).toBe(1)
  expect(
    world.logs
      .slice(lines)
      .filter(({ event }) => event !== 'request')
      .map(({ event }) => event),
  ).toEqual(['identity.renewal_failed', 'credential.renewal_failed'])
})

describe('a vault that is not where the setting says', () => {
  test('names another domain as its own: a fault of the settings, which says so', async () => {
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback()
    await coldInstance()
    const challenge =
      'Bearer authorization="https://login.microsoftonline.com/x", resource="https://managedhsm.azure.net"'
    vault.faults.always(
      { kind: 'answer', status: 401, headers: { 'www-authenticate': challenge }, body: {} },
      'challenge',
    )
    expectScreen(world, await visitor.post(form), 'vault/misaddressed')
  })

  test('shows a certificate for another name, as behind a private-link alias: the same', async () => {
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback()
    await coldInstance({ KEY_VAULT_URL: 'https://another.vault.azure.net' })
    expectScreen(world, await visitor.post(form), 'vault/misaddressed')
  })

  test('under no name that tells its domain, it is asked all the same: no token for a made-up one is', async () => {
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback()
    await coldInstance({ KEY_VAULT_URL: `https://localhost:${vault.port}` })
    const seen = identity.requests.length
    expectScreen(world, await visitor.post(form), 'vault/misaddressed')
    expect(identity.requests.length).toBe(seen)
  })
})
