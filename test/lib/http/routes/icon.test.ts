import { expect, it } from 'vitest'
import { isRegistrationChallenge } from '../../../../lib/device/challenge.ts'
import { icon } from '../../../../lib/http/routes/icon.ts'
import { START_MS } from '../../../support/heldEffects.ts'
import { cookieOf, openFakeApp } from '../../../support/openFakeApp.ts'
import { signetRequestOf } from '../../../support/signetRequestOf.ts'

const PICTURE = { 'content-type': 'image/svg+xml' }
const OFFER = {
  'secure-session-registration': expect.stringMatching(
    /^\(ES256 RS256\);path="\/auth\/device";challenge="[\w-]+"$/,
  ),
}

it.each([
  ['our own page', 'same-origin', true],
  ['a browser without Fetch Metadata', undefined, true],
  ['the address bar', 'none', false],
  ['a page of a sibling', 'same-site', false],
  ['a page of another site', 'cross-site', false],
])(
  'the icon is a picture for everybody; where %s loads it (%s), a session is offered to be bound: %s',
  async (_who, site, isOffered) => {
    const fake = openFakeApp()
    const headers = {
      ...cookieOf(await fake.signIn()),
      ...(site === undefined ? {} : { 'sec-fetch-site': site }),
    }
    fake.table.calls.clear()
    const reply = await icon(fake.app, signetRequestOf({ target: '/auth/icon', headers }))

    expect(reply).toEqual({
      status: 200,
      headers: { ...PICTURE, ...(isOffered ? OFFER : {}) },
      body: { kind: 'bytes', bytes: expect.any(Buffer) },
    })
    expect(reply.body?.kind === 'bytes' && Buffer.from(reply.body.bytes).toString()).toMatch(
      /^<svg[\s\S]*<\/svg>$/,
    )
    expect(fake.table.calls.size).toBe(0)
  },
)

it('what is offered is a challenge of this very session', async () => {
  const fake = openFakeApp()
  const [mine, other] = [await fake.signIn(), await fake.signIn()]
  const { headers = {} } = await icon(fake.app, signetRequestOf({ headers: cookieOf(mine) }))
  const [, challenge = ''] = /challenge="([\w-]+)"$/.exec(headers['secure-session-registration'] ?? '') ?? []

  expect(isRegistrationChallenge(mine, challenge, START_MS)).toBe(true)
  expect(isRegistrationChallenge(other, challenge, START_MS)).toBe(false)
})

it.each([
  ['nobody', {}, {}],
  ['a cookie that is no ticket', {}, cookieOf({ secret: 'A'.repeat(42) })],
  [
    'where bindings are switched off',
    { SESSION_DEVICE_BINDING: 'off' },
    cookieOf({ secret: 'A'.repeat(43) }),
  ],
])('nothing is offered to %s', async (_whom, settings, headers) => {
  const { app } = openFakeApp({ settings })

  expect((await icon(app, signetRequestOf({ headers }))).headers).toEqual(PICTURE)
})
