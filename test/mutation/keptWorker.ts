/**
 * A pool whose worker outlives a run. Stryker has Vitest run once for each change, and Vitest begins each run with a new worker, which then
 * loads every module anew: seconds for tests that take milliseconds. A change is switched on while tests run, so the modules may stay.
 */
import {
  type PoolOptions,
  type PoolWorker,
  type TestProject,
  ThreadsPoolWorker,
  type WorkerRequest,
} from 'vitest/node'

type Listener = (...values: unknown[]) => void

interface Kept {
  readonly worker: ThreadsPoolWorker
  /** So far. */
  runs: number
  /** Runs that have begun and not ended. */
  users: number
}

/** Each run leaves a few listeners in the worker. */
const MOST_RUNS = 500

/** Vite's plugin that has each project run its tests in one worker after the other, each for many runs. */
export function keepWorker() {
  return {
    name: 'kept-worker',
    configureVitest({ project }: { readonly project: TestProject }) {
      const createPoolWorker = keptWorkers()
      project.config.pool = 'kept'
      project.config.poolRunner = { name: 'kept', createPoolWorker }
    },
  }
}

/** Makes the worker as one run sees it. */
function keptWorkers(): (options: PoolOptions) => PoolWorker {
  let kept: Kept | undefined

  async function start(options: PoolOptions): Promise<Kept> {
    const before = kept
    if (before !== undefined && before.runs < MOST_RUNS) return before
    const worker = new ThreadsPoolWorker(options)
    await worker.start()
    const started = { worker, runs: 0, users: 0 }
    worker.on('exit', () => {
      if (kept === started) kept = undefined
    })
    kept = started
    if (before?.users === 0) await before.worker.stop()
    return started
  }

  return (options) => {
    const listeners: [event: string, listener: Listener][] = []
    let mine: Kept | undefined
    let hasEnded = false
    const worker = (): ThreadsPoolWorker => {
      if (mine === undefined) throw new Error('the worker has not started')
      return mine.worker
    }
    return {
      name: 'kept',
      async start() {
        mine = await start(options)
        mine.runs += 1
        mine.users += 1
      },
      on(event, listener) {
        listeners.push([event, listener])
        worker().on(event, listener)
      },
      off: (event, listener) => worker().off(event, listener),
      send(request: WorkerRequest) {
        if (request.type !== 'stop') return worker().send(request)
        // It need not get ready for its end.
        hasEnded = true
        const stopped = { __vitest_worker_response__: true, type: 'stopped' }
        for (const [event, listener] of listeners) if (event === 'message') listener(stopped)
      },
      deserialize: (message) => message,
      async stop() {
        if (mine === undefined) return
        for (const [event, listener] of listeners) worker().off(event, listener)
        mine.users -= 1
        if (mine === kept && hasEnded) return
        if (mine === kept) kept = undefined
        if (mine.users === 0) await mine.worker.stop()
      },
    }
  }
}
