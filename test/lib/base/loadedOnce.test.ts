import { expect, it } from 'vitest'
import { loadedOnce } from '../../../lib/base/loadedOnce.ts'

/** A value that is loaded by whoever settles it, load by load. */
function heldLoads() {
  const loads: PromiseWithResolvers<string>[] = []
  const value = loadedOnce(() => {
    const load = Promise.withResolvers<string>()
    loads.push(load)
    return load.promise
  })
  return { loads, value }
}

it('loads when it is first asked, once for however many ask', async () => {
  const { loads, value } = heldLoads()
  expect(loads).toHaveLength(0)
  const both = Promise.all([value(), value()])
  loads[0]?.resolve('loaded')

  expect(await both).toEqual(['loaded', 'loaded'])
  expect(await value()).toBe('loaded')
  expect(loads).toHaveLength(1)
})

it('fails for those who waited for a load that failed, and loads again for the next, who keeps what comes', async () => {
  const { loads, value } = heldLoads()
  const both = Promise.allSettled([value(), value()])
  const fault = new Error('away')
  loads[0]?.reject(fault)
  expect(await both).toEqual([
    { status: 'rejected', reason: fault },
    { status: 'rejected', reason: fault },
  ])

  const next = value()
  loads[1]?.resolve('loaded')
  expect([await next, await value()]).toEqual(['loaded', 'loaded'])
  expect(loads).toHaveLength(2)
})
