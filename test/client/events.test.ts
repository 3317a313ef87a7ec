import { afterEach, describe, expect, it, vi } from 'vitest'
import { emit, on } from '../../client/events.ts'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
  vi.unstubAllGlobals()
})

describe('a listener', () => {
  it('hears what it asked for until it is told to stop', async () => {
    const heard: unknown[] = []
    const stop = on('expiring', (event) => void heard.push(event))
    await emit('expiring', { secondsLeft: 60, renewable: true })
    await emit('signed-out', {})
    stop()
    await emit('expiring', { secondsLeft: 30, renewable: true })

    expect(heard).toEqual([{ secondsLeft: 60, renewable: true }])
  })

  it('keeps the window by saying false, at once or later; by nothing else', async () => {
    const says = async (answer: unknown): Promise<boolean> => {
      const stop = on('step-up', () => answer)
      const goes = await emit('step-up', { loginUrl: '/auth/login' })
      stop()
      return goes
    }

    expect(await says(false)).toBe(false)
    expect(await says(Promise.resolve(false))).toBe(false)
    for (const answer of [undefined, null, 0, '', true]) expect(await says(answer)).toBe(true)
  })

  it('is waited for, so that a page has stored its state before the window goes', async () => {
    const stored = Promise.withResolvers<void>()
    let hasGone = false
    stops.push(on('step-up', () => stored.promise))
    const going = emit('step-up', { loginUrl: '/auth/login' }).then(() => {
      hasGone = true
    })
    await Promise.resolve()

    expect(hasGone).toBe(false)
    stored.resolve()
    await going
    expect(hasGone).toBe(true)
  })

  it('that fails keeps nobody from sign-in, and its error is reported', async () => {
    const reported: unknown[] = []
    vi.stubGlobal('reportError', (fault: unknown) => void reported.push(fault))
    stops.push(on('step-up', () => Promise.reject(new Error('late'))))
    stops.push(
      on('step-up', () => {
        throw new Error('at once')
      }),
    )

    expect(await emit('step-up', { loginUrl: '/auth/login' })).toBe(true)
    expect(reported).toEqual([new Error('late'), new Error('at once')])
  })
})
