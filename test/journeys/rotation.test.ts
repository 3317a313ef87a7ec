/**
 * The exchange of both certificates over the wire: the real SDKs, Graph with proofs that are checked, the row in the table, and people who
 * sign in meanwhile.
 */
import { expect, test } from 'vitest'
import { rotateAll } from '../../lib/rotation/rotateAll.ts'
import { openJourney } from '../support/openJourney.ts'
import { newVisitor } from '../support/visitor.ts'

const MINUTE_MS = 60_000
const world = await openJourney()
const { entra, vault, clientId } = world.desk

/** What was asked of Graph about keys, and how it was answered. */
const keysAsked = (): string[] =>
  entra.log
    .filter(({ path }) => /\/(addKey|removeKey)$/.test(path))
    .map(({ path, status }) => `${path.split('/').at(-1)} ${status}`)
const refused = () => entra.signatures.filter(({ refusal }) => refusal !== undefined)
const lastSigner = (): string | undefined =>
  entra.signatures.filter((one) => one.clientId === clientId && one.purpose === 'assertion').at(-1)
    ?.thumbprint

async function signIn(): Promise<void> {
  const visitor = newVisitor(world.origin)
  await visitor.signIn()
  const { text } = await visitor.ask(`${world.origin}/auth/session`)
  expect(JSON.parse(text).authenticated).toBe(true)
}

async function exchange(): Promise<void> {
  await vault.rotate()
  await rotateAll(world.app())
  world.advance(6 * MINUTE_MS)
  await signIn()
  world.advance(6 * MINUTE_MS)
  await signIn()
  expect(lastSigner()).toBe(vault.certificate().x5tS256)
  world.advance(26 * MINUTE_MS)
  await rotateAll(world.app())
  await signIn()
}

test('a new version is registered by proof and signs once Entra accepts it; the key that was added before is removed 25 minutes later, and nobody notices', async () => {
  await rotateAll(world.app())
  await signIn()
  expect(lastSigner()).toBe(vault.certificate().x5tS256)
  // The app may not read its registration: the key that somebody else added it names, and does not touch.
  await exchange()
  expect(keysAsked()).toEqual(['addKey 200'])
  await exchange()

  expect(keysAsked()).toEqual(['addKey 200', 'addKey 200', 'removeKey 204'])
  expect(refused()).toEqual([])
})

test('the certificate of the app itself is exchanged likewise; who may read the registration sees the key that was there first, and removes it', async () => {
  const { APP_ONLY_CLIENT_ID: ownClient = '', APP_ONLY_CERTIFICATE: name } = world.desk.settings
  const [first] = entra.registeredCertificates(ownClient)
  const { x5tS256 } = await vault.rotate(name)
  await rotateAll(world.app())
  expect(entra.registeredCertificates(ownClient)).toEqual([first, x5tS256])
  world.advance(24 * MINUTE_MS)
  await rotateAll(world.app())
  expect(entra.registeredCertificates(ownClient)).toEqual([first, x5tS256])
  world.advance(2 * MINUTE_MS)
  await rotateAll(world.app())

  expect(entra.registeredCertificates(ownClient)).toEqual([x5tS256])
  const signed = entra.signatures.length
  await world.app().appOnly?.tokenFor(`api://${clientId}/.default`)
  expect(entra.signatures.slice(signed).map(({ thumbprint }) => thumbprint)).toEqual([x5tS256])
  expect(refused()).toEqual([])
})

test('an app that the vault does not let in yet says so, as something that passes', async () => {
  vault.permissions.delete('certificates/read')
  const before = world.logs.length
  await rotateAll(world.app())
  vault.permissions.add('certificates/read')

  const failed = world.logs.slice(before).filter(({ event }) => event === 'rotation.failed')
  expect(failed.map(({ facts }) => [facts?.outcome, facts?.kind])).toEqual([
    ['vault/not_yet_allowed', 'upstream'],
    ['vault/not_yet_allowed', 'upstream'],
  ])
})
