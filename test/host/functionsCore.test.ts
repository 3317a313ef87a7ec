import { describe, expect, it } from 'vitest'
import type { LogLevel } from '../../local/host/coreTypes.ts'
import { createFunctionsCore } from '../../local/host/functionsCore.ts'

type Api = {
  registerHook(
    name: string,
    hook: (context: { message: string; level: LogLevel }) => unknown,
  ): { dispose(): void }
  registerFunction(metadata: object, callback: () => unknown): unknown
  log(level: LogLevel, category: 'user' | 'system', message: string): void
}

function createCore() {
  const printed: string[] = []
  const core = createFunctionsCore((level, message) => printed.push(`${level} ${message}`))
  return { core, api: core.api as Api, printed }
}

describe('a log hook', () => {
  it('changes a line before it is printed', () => {
    const { api, printed } = createCore()
    api.registerHook('log', (line) => {
      line.message = line.message.replace('secret', '***')
      line.level = 'warning'
    })
    api.log('information', 'user', 'a secret')
    expect(printed).toEqual(['warning a ***'])
  })

  it('that logs itself is not called again', () => {
    const { api, printed } = createCore()
    api.registerHook('log', () => api.log('information', 'user', 'from the hook'))
    api.log('information', 'user', 'line')
    expect(printed).toEqual(['information from the hook', 'information line'])
  })

  it('that fails loses no line', () => {
    const { api, printed } = createCore()
    api.registerHook('log', () => {
      throw new Error('on purpose')
    })
    api.log('information', 'user', 'line')
    expect(printed).toEqual([expect.stringContaining('on purpose'), 'information line'])
  })

  it('that is disposed runs no more', () => {
    const { api, printed } = createCore()
    const hook = api.registerHook('log', (line) => {
      line.message = 'changed'
    })
    hook.dispose()
    hook.dispose()
    api.log('information', 'user', 'line')
    expect(printed).toEqual(['information line'])
  })
})

it('the chatter of the library is not printed, its warnings are', () => {
  const { api, printed } = createCore()
  api.log('information', 'system', 'chatter')
  api.log('warning', 'system', 'warning')
  expect(printed).toEqual(['warning warning'])
})

it('an unknown hook is refused in the way the library recognises', () => {
  const { api } = createCore()
  expect(() => api.registerHook('nosuch', () => {})).toThrow(
    expect.objectContaining({ name: 'RangeError', isAzureFunctionsSystemError: true }),
  )
})

it('no function is registered after the app has loaded', () => {
  const { core, api } = createCore()
  core.close()
  const metadata = { name: 'late', bindings: { req: { type: 'httpTrigger', direction: 'in' } } }
  expect(() => api.registerFunction(metadata, () => {})).toThrow(/during app startup/)
})
