/** Functions with a timer trigger: run on their schedule, at start if they ask for it, or when told to. */
import { randomUUID } from 'node:crypto'
import type { RegisteredFunction } from './coreTypes.ts'
import type { FunctionsCore } from './functionsCore.ts'
import { invoke } from './invocation.ts'
import { parseNcrontab, type Schedule } from './ncrontab.ts'

export type Timers = {
  /** One line for each timer. */
  readonly lines: readonly string[]
  /** Runs the timer of this name, in any case, now; false when there is none. */
  readonly runNow: (name: string) => boolean
  readonly stop: () => void
}

/** setTimeout fires at once when it is asked to wait for longer than this. */
const longestWaitMs = 2 ** 31 - 1

/** Starts every timer the app registered; a schedule may be `%NAME%`, a setting in `settings`. */
export function startTimers(
  core: FunctionsCore,
  settings: Readonly<Record<string, string | undefined>>,
): Timers {
  const timers = [...core.functions.values()]
    .filter(({ trigger }) => trigger.type.toLowerCase() === 'timertrigger')
    .flatMap((fn) => {
      try {
        return [startTimer(core, fn, settings)]
      } catch (fault) {
        core.log('error', 'system', `The timer "${fn.name}" does not run. ${fault}`)
        return []
      }
    })
  return {
    lines: timers.map(({ fn, expression }) => `${fn.name}: timer ${expression}`),
    runNow: (name) => {
      const timer = timers.find(({ fn }) => fn.name.toLowerCase() === name.toLowerCase())
      void timer?.run()
      return timer !== undefined
    },
    stop: () => {
      for (const timer of timers) timer.stop()
    },
  }
}

function startTimer(
  core: FunctionsCore,
  fn: RegisteredFunction,
  settings: Readonly<Record<string, string | undefined>>,
) {
  const expression = (fn.trigger.schedule ?? '').replace(/^%(.+)%$/, (_, name) => settings[name] ?? '')
  const next = parseNcrontab(expression)
  let last: number | undefined
  let waiting: NodeJS.Timeout

  async function run(): Promise<void> {
    const json = JSON.stringify(describeTimer(next, last))
    last = Date.now()
    try {
      await invoke(core, fn, {
        invocationId: randomUUID(),
        inputData: [{ name: fn.triggerName, data: { json } }],
      })
    } catch (fault) {
      core.log('error', 'system', `${fn.name} failed: ${fault instanceof Error ? fault.stack : fault}`)
    }
  }

  /** A run that takes longer than its interval skips what it missed: two runs on schedule never overlap. */
  function wait(dueMs: number): void {
    const leftMs = dueMs - Date.now()
    waiting = setTimeout(
      async () => {
        if (leftMs > longestWaitMs) return wait(dueMs)
        await run()
        wait(next(Date.now()))
      },
      Math.min(Math.max(leftMs, 0), longestWaitMs),
    )
  }

  wait(next(Date.now()))
  if (fn.trigger.runOnStartup) void run()
  return { fn, expression, run, stop: () => clearTimeout(waiting) }
}

/** The timer's argument. The host keeps no status for a schedule that is due more often than once a minute. */
function describeTimer(next: Schedule, lastMs: number | undefined): object {
  const nextMs = next(Date.now())
  const isMonitored = next(nextMs) - nextMs >= 60_000
  const last = lastMs === undefined ? '0001-01-01T00:00:00' : new Date(lastMs).toISOString()
  return {
    Schedule: { AdjustForDST: true },
    ScheduleStatus: isMonitored
      ? { Last: last, Next: new Date(nextMs).toISOString(), LastUpdated: last }
      : null,
    IsPastDue: false,
  }
}
