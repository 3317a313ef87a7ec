import { afterAll, afterEach } from 'vitest'
import { expectInvariants } from './expectInvariants.ts'
import { openWorld, type World, type WorldOptions } from './openWorld.ts'

/**
 * A world for the tests of this file: after each test all faults are switched off and the invariants of every reply and log line
 * checked; closed at the end.
 */
export async function openJourney(options?: WorldOptions): Promise<World> {
  const world = await openWorld(options)
  afterEach(() => {
    const { entra, vault, identity, tables } = world.desk
    entra.switches.reset()
    for (const { faults } of [vault, identity, tables]) faults.clear()
    expectInvariants(world)
  })
  afterAll(() => world.close())
  return world
}
