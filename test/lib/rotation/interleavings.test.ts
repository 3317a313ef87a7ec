/**
 * Runs that die anywhere, two and three at once, with clocks an hour apart, against a directory, a vault and a table that fail, answer late and
 * lose answers, and of which some place has not heard yet what others know, while two instances sign: nobody ever shows Entra a signature that
 * it does not know, and in the end one key is left.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../../lib/errors/appError.ts'
import type { Trouble } from '../../support/memoryTable.ts'
import { createRotationModel, type Mishap, type RotationModel } from '../../support/rotationModel.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

type Deed =
  | { readonly kind: 'run'; readonly clockAheadMs: number }
  | { readonly kind: 'work'; readonly instance: number }
  | { readonly kind: 'renew' }

const clockAheadMs = fc.constantFrom(0, HOUR_MS, -HOUR_MS)
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('run' as const), clockAheadMs }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('work' as const), instance: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'renew' as const }) },
)
/** Deeds that happen at once, and how long nothing happens after them. */
const wave = fc.record({
  deeds: fc.array(deed, { minLength: 1, maxLength: 6 }),
  restMs: fc.constantFrom(0, 20_000, 2 * MINUTE_MS, 6 * MINUTE_MS, 26 * MINUTE_MS, 2 * HOUR_MS),
})
type Wave = typeof wave extends fc.Arbitrary<infer T> ? T : never
const waves = fc.array(wave, { minLength: 2, maxLength: 10 })

const often = <T>(one: readonly T[]) =>
  fc.infiniteStream(
    fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, fc.constantFrom<T | undefined>(...one)),
  )
const mishaps = often<Mishap>(['refused', 'lost', 'dies before', 'dies after'])
const troubles = often<Trouble>(['refused', 'lost', 'late', 'repeated'])
const settings = fc.record({
  mayRead: fc.boolean(),
  propagationMs: fc.constantFrom(0, 3_000, 90_000),
  ahead: fc.tuple(clockAheadMs, clockAheadMs),
  deafEvery: fc.constantFrom(0, 5, 9),
})
type Settings = typeof settings extends fc.Arbitrary<infer T> ? T : never

/** A fault of table, vault or directory is somebody's bad luck; that a promise does not hold is not. */
const badLuck = (fault: unknown): void => {
  if (!(fault instanceof AppError) || fault.code.startsWith('bug/')) throw fault
}

function expectSound({ shown, own, entries, foreign }: RotationModel): void {
  expect(
    shown.filter(({ by, isKnown }) => by === 'work' && !isKnown),
    'work signed by an unknown version',
  ).toEqual([])
  expect(own().length, 'registered keys').toBeGreaterThan(0)
  expect(entries, 'somebody else’s key').toContain(foreign)
}

async function live(
  scheduler: fc.Scheduler,
  plan: readonly Wave[],
  { mayRead, propagationMs, ahead, deafEvery }: Settings,
  mishap: () => Mishap | undefined,
  trouble: () => Trouble | undefined,
): Promise<void> {
  const model = createRotationModel({
    gate: () => scheduler.schedule(Promise.resolve()),
    mishap,
    trouble,
    mayRead,
  })
  model.propagationMs = propagationMs
  model.deafEvery = deafEvery
  model.registerByHand(model.makeVersion())
  model.clock.advance(48 * HOUR_MS)
  const instances = ahead.map((ms) => model.openInstance(ms))

  const carryOut = async (one: Deed): Promise<void> => {
    if (one.kind === 'renew') return void model.makeVersion()
    if (one.kind === 'work') return void (await instances[one.instance]?.work())
    await model.run({ clockAheadMs: one.clockAheadMs })
  }
  for (const { deeds, restMs } of plan) {
    await scheduler.waitFor(Promise.all(deeds.map((one) => carryOut(one).catch(badLuck))))
    await scheduler.waitFor(model.table.settled())
    expectSound(model)
    model.clock.advance(restMs)
  }

  model.clear()
  // What instances began in the background comes to its end.
  await scheduler.waitIdle()
  model.clock.advance(MINUTE_MS)
  for (let i = 0; i < 12; i += 1) {
    await model.run()
    for (const instance of instances) await instance.work()
    expectSound(model)
    model.clock.advance(i % 2 === 0 ? 10 * MINUTE_MS : 61 * MINUTE_MS)
  }
  const newest = model.versions.at(-1)?.version
  const { active, former = [], hindrances = [] } = (await model.state()) ?? {}
  expect(active?.version).toBe(newest)
  if (mayRead) {
    expect([model.own(), former, hindrances]).toEqual([[newest], [], []])
    return
  }
  // Whoever may not look removes what they added, and says which entry they cannot name.
  expect(former.filter(({ entryId }) => entryId !== undefined)).toEqual([])
  expect(hindrances.map(({ step, code }) => `${step} ${code}`)).toEqual(
    former.map(() => 'remove graph/forbidden'),
  )
}

describe('whatever happens to those who exchange a certificate', () => {
  test('no instance signs with a version that Entra does not know, a key is always registered, and one is left', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), waves, settings, (scheduler, plan, setting) =>
        live(
          scheduler,
          plan,
          setting,
          () => undefined,
          () => undefined,
        ),
      ),
      { numRuns: 40 },
    )
  })

  test('the same where runs die at any await, and calls are refused, lost, late and repeated', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        waves,
        settings,
        mishaps,
        troubles,
        (scheduler, plan, setting, met, weather) =>
          live(
            scheduler,
            plan,
            setting,
            () => met.next().value,
            () => weather.next().value,
          ),
      ),
      { numRuns: 60 },
    )
  })
})
