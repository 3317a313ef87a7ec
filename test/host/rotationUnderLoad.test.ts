/**
 * Both certificates change hands under load, on two instances of the deployed bundle, one of which dies over it. The long form, with clocks
 * that run on all the while, is `node bench/rotation.ts`.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRotationLoad, type RotationLoad, type Work } from '../support/openRotationLoad.ts'

const MINUTE_MS = 60_000
const EXCHANGES = 2
const BURST: readonly Work[] = ['sign-in', 'call', 'own call', 'call', 'own call', 'call']
let load: RotationLoad
beforeAll(async () => {
  load = await openRotationLoad()
}, 60_000)
afterAll(() => load?.close())

/** Work in parallel, two pieces of each kind at a time. */
const burst = (): Promise<unknown> => Promise.all([...BURST, ...BURST].map((kind) => load.work(kind)))

async function untilInUse(): Promise<void> {
  for (let look = 0; look < 40 && !(await load.areInUse()); look += 1) {
    // What a run that died has claimed is left alone for two minutes.
    await Promise.all([load.two.advance(20_000), load.runTimers(), sleep(150)])
  }
  expect(await load.areInUse()).toBe(true)
}

test('under sign-ins, refreshes and calls both certificates change hands twice, one instance is killed with a key just added, and nothing fails', {
  timeout: 90_000,
}, async () => {
  const { two } = load
  const { entra } = two.desk
  const added = () =>
    entra.log.filter(({ path, status }) => path.endsWith('/addKey') && status === 200).length
  await burst()
  for (let exchange = 1; exchange <= EXCHANGES; exchange += 1) {
    await load.makeVersions()
    const before = added()
    const working = burst()
    await load.runTimers()
    if (exchange === 2) {
      while (added() === before) await sleep(2)
      await two.kill(0)
      await Promise.all([burst(), two.restart(0)])
    }
    await Promise.all([working, untilInUse()])
    await burst()
    await two.advance(11 * MINUTE_MS)
    await burst()
  }
  for (let wait = 0; wait < 20 && load.leftBehind().length > 0; wait += 1) {
    await Promise.all([two.advance(5 * MINUTE_MS), load.runTimers(), sleep(150)])
  }
  await burst()

  expect(load.failures).toEqual([])
  expect(load.unknown().atWork).toBe(0)
  expect(load.leftBehind()).toEqual([])
  for (const client of load.clients) expect(entra.registeredCertificates(client)).toHaveLength(1)
  const { authorization_code = 0, refresh_token = 0, client_credentials = 0 } = load.granted()
  expect([authorization_code, refresh_token, client_credentials].every((grants) => grants > 4)).toBe(true)
})
