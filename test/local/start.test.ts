/** `npm start` as a person starts it: with settings of their own in the environment, and by whichever address comes to mind. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SETTINGS } from '../../lib/config/settings.ts'
import { takenSettings } from '../../local/takenSettings.ts'
import { openStart, type Started } from '../support/openStart.ts'
import { BY_SCRIPT } from '../support/screens.ts'
import { newVisitor } from '../support/visitor.ts'

describe('the settings of a desk', () => {
  const OF_DESK = { PUBLIC_URL: 'http://localhost:1', ENTRA_SCOPES: 'openid', DOWNSTREAM_APIS: '{}' }
  const labelled = (environment: Readonly<Record<string, string | undefined>>) =>
    takenSettings(OF_DESK, environment)

  test('are its own where nobody says otherwise, and it says which', () => {
    const { settings, lines } = labelled({ PATH: '/bin', PORT: '8080', SESSION_IDLE_MINUTES: '' })
    expect(settings).toEqual({})
    expect(lines).toEqual(['Settings of the desk: ENTRA_SCOPES, PUBLIC_URL, DOWNSTREAM_APIS'])
  })

  test('are the environment’s in all that the desk does not need for itself, broken ones too', () => {
    const { settings, lines } = labelled({
      SESSION_IDLE_MINUTES: 'soon',
      DOWNSTREAM_APIS: '{',
      NOT_A_SETTING: '1',
    })
    expect(settings).toEqual({ SESSION_IDLE_MINUTES: 'soon', DOWNSTREAM_APIS: '{' })
    expect(lines).toContain('Settings of your environment: SESSION_IDLE_MINUTES, DOWNSTREAM_APIS')
    expect(lines).toContain('Settings of the desk: ENTRA_SCOPES, PUBLIC_URL')
  })

  test('that say what the desk says are passed over by nobody', () => {
    const { lines } = takenSettings({ ...OF_DESK, BASE_PATH: '/api' }, { BASE_PATH: '/api' })
    expect(lines.join('\n')).toContain('BASE_PATH')
    expect(lines.join('\n')).not.toContain('Yours')
  })

  test('that join it to the stand-ins stay, and it says which of the environment’s were passed over', () => {
    const { settings, lines } = labelled({ PUBLIC_URL: 'https://app.contoso.com' })
    expect(settings).toEqual({})
    expect(lines.at(-1)).toMatch(/^Yours that a desk cannot take, .*: PUBLIC_URL$/)
  })

  test.each(SETTINGS.map(({ name }) => name))('%s is taken, or named as passed over', (name) => {
    const { settings, lines } = labelled({ [name]: 'x' })
    expect(Object.hasOwn(settings, name)).toBe(
      !lines.some((line) => line.startsWith('Yours') && line.endsWith(name)),
    )
  })
})

describe('a desk that was started with a setting', () => {
  let started: Started
  let origin: string
  beforeAll(async () => {
    started = await openStart([], undefined, {
      SESSION_IDLE_MINUTES: '5',
      PUBLIC_URL: 'https://app.contoso.com',
    })
    origin = `http://localhost:${started.port}`
  })
  afterAll(() => started?.close())

  test('says so, and its sessions keep to it', async () => {
    expect(started.lines).toContain('Settings of your environment: SESSION_IDLE_MINUTES')
    const visitor = newVisitor(origin)
    await visitor.signIn()
    const session = JSON.parse((await visitor.ask(`${origin}/auth/session`, { headers: BY_SCRIPT })).text)
    expect(session).toMatchObject({ authenticated: true })
    expect(session.idleSecondsLeft).toBeLessThanOrEqual(300)
  })

  test('prints its addresses last, after what the app says at first, with what to do first', () => {
    const names = started.lines.slice(-5).map((line) => line.split(':')[0])
    expect(names).toEqual(['Entra stand-in', 'Inspector', 'Switchboard', 'First', 'Signet is ready'])
    expect(started.lines.at(-2)).toMatch(/Sign in, choose Ada; then open the inspector\.$/)
    const words = started.lines.join('\n')
    expect(words).toContain('"event":"request"')
    expect(words).not.toMatch(/\[GET, ?/)
    expect(words).not.toContain('OPTIONS')
  })

  test('prints one address of the app, and leads there from the other one, path and all', async () => {
    const printed = started.lines.flatMap((line) => line.match(/https?:\/\/[^\s/]+/g) ?? [])
    expect(printed.filter((address) => address.endsWith(`:${started.port}`))).toEqual([origin])

    const other = `http://127.0.0.1:${started.port}`
    const led = await fetch(`${other}/auth/login?returnTo=%2Forders`, { redirect: 'manual' })
    expect([led.status, led.headers.get('location')]).toEqual([
      307,
      `${origin}/auth/login?returnTo=%2Forders`,
    ])
    expect(led.headers.getSetCookie()).toEqual([])
    const visitor = newVisitor(other)
    expect((await visitor.ask(`${other}//evil.example/`)).headers.get('location')).toBe(
      `${origin}//evil.example/`,
    )
    expect((await fetch(`${other}/auth/logout`, { method: 'POST', redirect: 'manual' })).status).not.toBe(307)
  })
})

test('with BASE_PATH everything of the app lies below it: the example says so in its page, the inspector leads there', async () => {
  const started = await openStart([], undefined, { BASE_PATH: '/api' })
  try {
    const origin = `http://localhost:${started.port}`
    const first = await (await fetch(origin)).text()
    expect(first).toContain('<meta name="signet-base-path" content="/api">')
    expect(first).toContain('href="/api/auth"')
    expect(first).not.toContain('href="/auth"')
    expect(await (await fetch(`${origin}/api/auth`)).text()).toContain(
      'href="/api/auth/login?returnTo=%2Fapi%2Fauth"',
    )
    const inspector = started.lines.find((line) => line.startsWith('Inspector: '))?.split(' ')[1] ?? ''
    expect(await (await fetch(inspector)).text()).toContain(`href="${origin}/api/auth/login"`)
    const visitor = newVisitor(origin)
    expect((await visitor.signIn('/api/auth/login?returnTo=/api/auth')).headers.get('location')).toBe(
      '/api/auth',
    )
  } finally {
    await started.close()
  }
})

test('a broken setting keeps the desk from starting, which names it and not its value', async () => {
  const started = await openStart([], undefined, { DOWNSTREAM_APIS: '{"orders": "sesame"}' })
  await started.close()
  const printed = started.lines.join('\n')
  expect(printed).toContain('Settings of your environment: DOWNSTREAM_APIS')
  expect(printed).toMatch(/Correct these settings:\n {2}DOWNSTREAM_APIS orders/)
  expect(printed).not.toMatch(/Signet is ready|sesame/)
})
