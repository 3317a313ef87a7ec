import { expect, it } from 'vitest'
import { apisOf } from '../../../lib/http/apisOf.ts'
import { newTicket } from '../../../lib/session/ticket.ts'
import { configOf } from '../../support/configOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'
import { openFakeApp } from '../../support/openFakeApp.ts'
import { sessionOf } from '../../support/sessionOf.ts'

const ticket = newTicket(heldEffects().random)
const current = (roles?: readonly string[]) => ({
  ticket,
  session: sessionOf({ identity: { ...sessionOf().identity, ...(roles === undefined ? {} : { roles }) } }),
  idleEndsAtMs: 0,
  isBound: false,
  mayBind: false,
  usedAtMs: 0,
})
const user = (name: string, more: object = {}) => ({
  url: `https://${name}.example`,
  as: 'user',
  scope: `api://${name}/read`,
  ...more,
})
const byApp = (name: string, more: object = {}) => ({
  url: `https://${name}.example`,
  as: 'app',
  scope: `api://${name}/.default`,
  ...more,
})
const appOf = (apis: object, held: readonly string[] = [], withoutConsent: readonly string[] = []) =>
  openFakeApp({
    settings: {
      DOWNSTREAM_APIS: JSON.stringify(apis),
      APP_ONLY_CLIENT_ID: configOf().clientId.replace(/^a/, 'b'),
    },
    answers: {
      userTokens: {
        standingOf: async () => ({ held: new Set(held), withoutConsent: new Set(withoutConsent) }),
      },
    },
  })

it('without an API there is nothing to show, and nobody is asked', async () => {
  const { app, calls } = openFakeApp()

  expect(await apisOf(app, current())).toEqual([])
  expect(calls).toEqual([])
})

it('APIs that are called as the app need nothing of the person, and no grant is read for them', async () => {
  const { app, calls } = appOf({ stock: byApp('stock') })

  expect(await apisOf(app, current())).toEqual([{ name: 'stock', state: 'ready' }])
  expect(calls).toEqual([])
})

it('each says what it needs, in the order of the setting: a role, consent, nothing, or what the next call tells', async () => {
  const { app, calls } = appOf(
    {
      zebra: user('zebra', { roles: ['Reader'] }),
      orders: user('orders'),
      stock: byApp('stock'),
      mail: user('mail'),
      files: user('files', { roles: ['Admin'] }),
      notes: user('notes', { scope: 'api://notes/read api://notes/write' }),
      tasks: user('tasks', { scope: 'api://tasks/read api://tasks/write' }),
    },
    [
      'api://zebra/read',
      'api://orders/read',
      'api://files/read',
      'api://notes/read',
      'api://tasks/read api://tasks/write',
    ],
    ['api://mail/read'],
  )

  expect(await apisOf(app, current(['Reader']))).toStrictEqual([
    { name: 'zebra', state: 'ready' },
    { name: 'orders', state: 'ready' },
    { name: 'stock', state: 'ready' },
    {
      name: 'mail',
      state: 'consent',
      loginUrl: `/auth/login?scope=${[...app.config.scopes, 'api://mail/read'].map(encodeURIComponent).join('+')}`,
    },
    { name: 'files', state: 'role' },
    // Held is the one scope of the two, and neither was refused.
    { name: 'notes', state: 'unknown' },
    { name: 'tasks', state: 'ready' },
  ])
  expect(calls).toEqual([['userTokens.standingOf', current(['Reader'])]])
})

it('a role that is missing is said before anything else, whoever the API is called as', async () => {
  const { app } = appOf(
    { stock: byApp('stock', { roles: ['Admin'] }), mail: user('mail', { roles: ['Admin'] }) },
    [],
    ['api://mail/read'],
  )

  expect(await apisOf(app, current())).toStrictEqual([
    { name: 'stock', state: 'role' },
    { name: 'mail', state: 'role' },
  ])
})
