import { expect, it } from 'vitest'
import { AppError } from '../../../../lib/errors/appError.ts'
import { live, ready } from '../../../../lib/http/routes/health.ts'
import { openFakeApp } from '../../../support/openFakeApp.ts'
import { signetRequestOf } from '../../../support/signetRequestOf.ts'

const MINUTE_MS = 60_000
const READY = { status: 200, body: { kind: 'json', value: { status: 'ready' } }, cookies: [] }
const NOT_READY = {
  status: 503,
  body: { kind: 'json', value: { status: 'not ready' } },
  cookies: [],
  outcome: 'health/not_ready',
}
const ALL_WELL = { vault: 'ok', entra: 'ok', sessions: 'ok', tokenRequests: 'ok' }

function open() {
  const faults: { vault?: unknown; entra?: unknown; sessions?: unknown; tokenRequests?: AppError } = {}
  const check = (part: 'vault' | 'entra') => async () => {
    if (faults[part] !== undefined) throw faults[part]
  }
  const fake = openFakeApp({
    weather: { refuses: () => faults.sessions !== undefined },
    answers: {
      credential: { check: check('vault') },
      providerKeys: { check: check('entra') },
      tokenAttempts: { standingFault: () => faults.tokenRequests },
    },
  })
  const looks = () => fake.calls.filter(([name]) => name === 'credential.check').length
  return { ...fake, faults, looks, ask: () => ready(fake.app, signetRequestOf()) }
}

it('live answers whatever the dependencies say, and asks none', async () => {
  const { app, calls, table } = openFakeApp()

  expect(await live(app, signetRequestOf())).toEqual({
    status: 200,
    body: { kind: 'json', value: { status: 'live' } },
    cookies: [],
  })
  expect([calls, table.calls.size]).toEqual([[], 0])
})

it('ready looks at vault, Entra and table, and where all is well says nothing to the log', async () => {
  const { ask, calls, table, logged, app } = open()

  expect(await ask()).toEqual(READY)
  expect(calls).toEqual([
    ['credential.check', app.config.entra.token],
    ['providerKeys.check'],
    ['tokenAttempts.standingFault'],
  ])
  expect([...table.calls]).toEqual([['read', 1]])
  expect(logged()).toEqual([])
})

it('one look answers for a minute, however many ask', async () => {
  const { ask, looks, effects } = open()
  await Promise.all([ask(), ask()])
  effects.advance(MINUTE_MS - 1)
  await ask()
  expect(looks()).toBe(1)
  effects.advance(1)
  await ask()

  expect(looks()).toBe(2)
})

it.each([
  ['vault', new AppError('vault/timeout'), 'vault/timeout'],
  ['vault', new AppError('vault/timeout', { detail: 'sign' }), 'vault/timeout: sign'],
  ['entra', new RangeError('secret words'), 'bug/unexpected: RangeError'],
  ['sessions', true, 'session/store_unavailable: refused'],
  ['tokenRequests', new AppError('entra/client_rejected'), 'entra/client_rejected'],
] as const)(
  'with a fault of %s (%s) it is not ready; strangers hear no more, and the log which part: %s',
  async (part, fault, told) => {
    const { ask, faults, logged } = open()
    Object.assign(faults, { [part]: fault })

    expect(await ask()).toEqual(NOT_READY)
    expect(logged()).toEqual([['warn', 'readiness', { ready: false, ...ALL_WELL, [part]: told }]])
  },
)

it('the log has one line for each look that found something wrong, and one when all is well again', async () => {
  const { ask, faults, effects, logged } = open()
  faults.vault = new AppError('vault/timeout')
  const wrong = ['warn', 'readiness', { ready: false, ...ALL_WELL, vault: 'vault/timeout' }]
  await ask()
  await ask()
  expect(logged()).toEqual([wrong])
  effects.advance(MINUTE_MS)
  await ask()
  await ask()
  expect(logged()).toEqual([wrong, wrong])
  delete faults.vault
  effects.advance(MINUTE_MS)
  expect(await ask()).toEqual(READY)
  await ask()

  expect(logged()).toEqual([wrong, wrong, ['info', 'readiness', { ready: true, ...ALL_WELL }]])
})

it('what a token request came to counts at once, between two looks', async () => {
  const { ask, faults, looks } = open()
  expect(await ask()).toEqual(READY)
  faults.tokenRequests = new AppError('entra/client_rejected')

  expect(await ask()).toEqual(NOT_READY)
  expect(looks()).toBe(1)
})
