/**
 * `@azure/functions-core` as this host provides it: what an app registers, and the hooks it hangs in.
 * Registration is open while the app loads and closed afterwards, as in the worker.
 */
import { format } from 'node:util'
import type {
  FunctionCallback,
  FunctionMetadata,
  LogCategory,
  LogLevel,
  ProgrammingModel,
  RegisteredFunction,
} from './coreTypes.ts'

const hookNames = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation', 'log'] as const
export type HookName = (typeof hookNames)[number]
export type HookCallback = (context: Record<string, unknown>) => unknown

/** What the app and the library see, and what the host keeps for itself. */
export type FunctionsCore = {
  /** The exports of `@azure/functions-core`. */
  readonly api: object
  readonly functions: ReadonlyMap<string, RegisteredFunction>
  /** Undefined until the app's first `app.*` call. */
  readonly model: () => ProgrammingModel | undefined
  /** Runs the hooks one after another, in the order they were registered; each may change the context. */
  readonly runHooks: (name: HookName, context: Record<string, unknown>) => Promise<void>
  /** Lets the log hooks change a line, then prints it. */
  readonly log: (level: LogLevel, category: LogCategory, message: string, invocationContext?: unknown) => void
  /** No function can be registered from here on. */
  readonly close: () => void
}

/** A core with nothing registered; finished log lines go to `print`. */
export function createFunctionsCore(print: (level: LogLevel, message: string) => void): FunctionsCore {
  const functions = new Map<string, RegisteredFunction>()
  const hooks = new Map<string, HookCallback[]>(hookNames.map((name) => [name, []]))
  const appHookData = {}
  let model: ProgrammingModel | undefined
  let closed = false

  function registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): Disposable {
    if (closed) throw systemError(new Error('A function can only be registered during app startup.'))
    const { name } = metadata
    if (functions.has(name)) {
      throw systemError(new Error(`A function with id "${name}" has already been registered.`))
    }
    const trigger = Object.entries(metadata.bindings).find(([, binding]) => /trigger$/i.test(binding.type))
    if (!trigger) throw systemError(new Error(`The function "${name}" has no trigger.`))
    functions.set(name, { name, metadata, triggerName: trigger[0], trigger: trigger[1], callback })
    return new Disposable(() => functions.delete(name))
  }

  function registerHook(name: string, callback: HookCallback): Disposable {
    const registered = hooks.get(name)
    // The library tells an old worker from a new one by this very error.
    if (!registered) throw systemError(new RangeError(`Unrecognized hook "${name}"`))
    registered.push(callback)
    return new Disposable(() => registered.splice(registered.indexOf(callback), 1))
  }

  const hooksOf = (name: HookName): HookCallback[] => hooks.get(name) ?? []

  async function runHooks(name: HookName, context: Record<string, unknown>): Promise<void> {
    const hookContext = Object.assign(context, { hookData: context.hookData ?? {}, appHookData })
    for (const hook of hooksOf(name)) await hook(hookContext)
  }

  let insideLogHook = false
  function log(level: LogLevel, category: LogCategory, message: string, invocationContext?: unknown): void {
    const line = { level, category, message, invocationContext, hookData: {}, appHookData }
    if (!insideLogHook) {
      insideLogHook = true // a log hook that logs must not call itself
      try {
        for (const hook of hooksOf('log')) hook(line)
      } catch (fault) {
        print('error', format('A log hook failed:', fault))
      } finally {
        insideLogHook = false
      }
    }
    // The library's own chatter is for its authors: only what went wrong is shown.
    if (category === 'user' || line.level === 'warning' || line.level === 'error') {
      print(line.level, line.message)
    }
  }

  const api = {
    version: '3.11.0',
    hostVersion: '4.1037.0',
    Disposable,
    registerFunction,
    registerHook,
    setProgrammingModel: (given: ProgrammingModel) => {
      model = given
    },
    getProgrammingModel: () => model,
    log,
  }
  const close = () => {
    closed = true
  }
  return { api, functions, model: () => model, runHooks, log, close }
}

class Disposable {
  #dispose: (() => unknown) | undefined

  constructor(dispose: () => unknown) {
    this.#dispose = dispose
  }

  dispose(): void {
    this.#dispose?.()
    this.#dispose = undefined
  }
}

function systemError(error: Error): Error {
  return Object.assign(error, { isAzureFunctionsSystemError: true })
}
