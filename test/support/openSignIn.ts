/** A sign-in in flight at an app in memory: the link that began it, the cookie that its window holds, and the answer that Entra posts. */
import type { Redemption } from '../../lib/entra/codeRedemption.ts'
import type { SetCookie } from '../../lib/http/cookies.ts'
import type { SignetRequest } from '../../lib/http/request.ts'
import { login } from '../../lib/http/routes/login.ts'
import { START_MS } from './heldEffects.ts'
import { openFakeApp } from './openFakeApp.ts'
import { sessionOf } from './sessionOf.ts'
import { signetRequestOf } from './signetRequestOf.ts'

export const WINDOW = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
export const SCRIPT = { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
export const ASSERTION = { jws: 'the-assertion', proof: sessionOf().proof }

/** What Alice's code is redeemed for, unless told. */
export function redemptionOf(identity: Partial<Redemption['identity']> = {}): Redemption {
  return {
    identity: { ...sessionOf().identity, ...identity },
    tokens: { accessToken: 'opaque', accessTokenExpiresAtMs: 0, refreshToken: 'refresh-token' },
    proof: sessionOf().proof,
  }
}

type Fake = NonNullable<Parameters<typeof openFakeApp>[0]>

interface Beginning extends Fake {
  /** Of the link to `/auth/login`. */
  readonly query?: string
  /** Cookies that the window holds besides. */
  readonly cookies?: readonly string[]
}

export async function openSignIn({ query = '', cookies = [], ...fake }: Beginning = {}) {
  const opened = openFakeApp({
    ...fake,
    answers: {
      redeemCode: async () => redemptionOf(),
      ...fake.answers,
      credential: { assertionFor: async () => ASSERTION, ...fake.answers?.credential },
      providerKeys: { announcesIss: async () => false, ...fake.answers?.providerKeys },
    },
  })
  const { app, calls } = opened
  const start = await login(
    app,
    signetRequestOf({ target: `/auth/login?${query}`, headers: { ...WINDOW, cookie: cookies.join('; ') } }),
  )
  const authorize = new URL(start.headers?.location ?? '')
  const state = authorize.searchParams.get('state') ?? ''
  const [cookie] = start.cookies?.slice(-1) ?? []
  if (cookie === undefined) throw new Error('no transaction')
  calls.splice(0)
  /** Posts an answer that fits, but for what is told; a member that is undefined does not come. */
  function answerOf(
    changes: Readonly<Record<string, string | undefined>> = {},
    { headers = WINDOW, holds = [cookie] }: Posting = {},
  ): SignetRequest {
    const parameters = Object.entries({ code: 'the-code', state, ...changes })
    return signetRequestOf({
      method: 'POST',
      target: '/auth/callback',
      headers: { ...headers, ...FORM, cookie: holds.map(pairOf).join('; ') },
      body: new URLSearchParams(parameters.filter(isGiven)).toString(),
    })
  }
  return { ...opened, authorize, state, cookie, answerOf }
}

interface Posting {
  readonly headers?: Readonly<Record<string, string>>
  /** The cookies that come along. */
  readonly holds?: readonly (Pick<SetCookie, 'name' | 'value'> | undefined)[]
}

function pairOf(cookie: Pick<SetCookie, 'name' | 'value'> | undefined): string {
  return cookie === undefined ? '' : `${cookie.name}=${cookie.value}`
}

function isGiven(entry: [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined
}

/** The cookie of a sign-in once an answer came. */
export function marked(kind: 'done' | 'again', { name, value }: SetCookie, atMs = START_MS): SetCookie {
  const attributes = { secure: true, httpOnly: true, path: '/', sameSite: 'None', maxAge: 3_600 } as const
  return { name, value: `${kind}-${atMs}-${value}`, ...attributes }
}

/** Rows of sessions, and of their grants. */
export function rowsOfSessions({ table }: Pick<ReturnType<typeof openFakeApp>, 'table'>): readonly object[] {
  return table.rows().filter(({ rowKey }) => rowKey === 'session' || rowKey === 'grant')
}
