import { afterAll, afterEach, expect } from 'vitest'
import type { CheckId, CheckResult } from '../../../commands/doctor/check.ts'
import { type ExamineOptions, examine } from '../../../commands/doctor/examine.ts'
import { reportJson, resultText } from '../../../commands/doctor/report.ts'
import type { Environment } from '../../../lib/config/settingsReader.ts'
import type { Desk } from '../../../local/desk.ts'
import { openWorld, type World, type WorldOptions } from '../../support/openWorld.ts'
import { watchSecrets } from '../../support/watchSecrets.ts'

export interface ExaminedWorld {
  readonly world: World
  readonly desk: Desk
  /** Examines the world with other settings; an empty one counts as not set. */
  examine(settings?: Environment, options?: ExamineOptions): Promise<Results>
}

export interface Results {
  readonly all: readonly CheckResult[]
  of(id: CheckId): CheckResult
  /** The checks with that verdict. */
  ids(verdict: CheckResult['verdict']): CheckId[]
}

/**
 * A running app with its desk, and the doctor beside it in the same place as the app. After each test every fault is off, every
 * registration as it was, and nothing that was written held a secret.
 */
export async function openExaminedWorld(options: WorldOptions = {}): Promise<ExaminedWorld> {
  const world = await openWorld(options)
  const { desk } = world
  const watch = watchSecrets(globalThis.fetch)
  const written: string[] = []
  const allowed = [...desk.vault.permissions]

  afterEach(() => {
    desk.entra.switches.reset()
    for (const { faults } of [desk.vault, desk.identity, desk.tables]) faults.clear()
    desk.entra.registerApplication(desk.registration)
    // Another instance: what the app found out of itself it keeps for half a minute.
    world.replaceInstance()
    for (const permission of allowed) desk.vault.permissions.add(permission)
    const text = written.join('\n')
    for (const secret of watch.secrets) expect(text).not.toContain(secret)
    expect(text).not.toMatch(/eyJ[\w-]{10}|[\w.]+@[\w-]+\.\w/)
  })
  afterAll(() => world.close())

  return {
    world,
    desk,
    async examine(settings = {}, options = {}) {
      const env = { ...desk.settings, ...desk.identity.env, ...settings }
      const effects = { fetch: watch.fetch, now: world.now, ...options.effects }
      const all = await examine(env, { ...options, effects })
      written.push(reportJson(all, world.now()), ...all.map(resultText))
      return {
        all,
        of: (id) => all.find((result) => result.id === id) ?? expect.fail(`no result of ${id}`),
        ids: (verdict) => all.filter((result) => result.verdict === verdict).map(({ id }) => id),
      }
    },
  }
}
