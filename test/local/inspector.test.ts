import { readFileSync } from 'node:fs'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXPLANATIONS } from '../../local/inspector/explain.ts'
import { assertionOf } from '../../local/inspector/happening.ts'
import { openWorld, type World } from '../support/openWorld.ts'
import { newVisitor, type Visitor } from '../support/visitor.ts'

let world: World
let visitor: Visitor
const inspector = '/inspect'
const page = async (path: string): Promise<{ status: number; text: string; headers: Headers }> => {
  const response = await fetch(`${world.desk.entra.origin}${path}`)
  return { status: response.status, text: await response.text(), headers: response.headers }
}
const words = (markup: string): string => markup.replaceAll('<wbr>', '').replace(/<style>.*<\/style>/s, '')

beforeAll(async () => {
  world = await openWorld()
  visitor = newVisitor(world.origin)
})
afterAll(() => world.close())

describe('before anybody has signed in', () => {
  test('the overview says so and leads to the app', async () => {
    const { status, text } = await page(inspector)
    expect(status).toBe(200)
    expect(text).toContain('Nobody has signed in yet.')
    expect(text).toContain(`href="${world.origin}/auth/login"`)
  })
})

describe('one sign-in over the wire', () => {
  let id: string
  let story: string
  beforeAll(async () => {
    await visitor.signIn('/auth/login?returnTo=/')
    await visitor.ask(`${world.origin}/`)
    id = String(world.desk.entra.log.find(({ kind }) => kind === 'authorize')?.signIn)
    story = words((await page(`${inspector}/${id}`)).text)
  })

  test('is on the overview, which links to it', async () => {
    const { text } = await page(inspector)
    expect(text).toContain(`href="${inspector}/${id}"><b class="succeeded">✓ Ada Lindqvist signed in</b>`)
  })

  test('names what the app asked, what the vault signed with, and what Entra noted', () => {
    const redemption = world.desk.entra.log.find(({ kind }) => kind === 'token')
    const claims = redemption && assertionOf(redemption)?.claims
    expect(Object.keys(claims ?? {})).toEqual(expect.arrayContaining(['aud', 'iss', 'sub', 'jti', 'exp']))
    const { version, x5tS256 } = world.desk.vault.certificate()
    const challenge = String(
      world.desk.entra.log.find(({ kind }) => kind === 'authorize')?.details.codeChallenge,
    )
    expect(challenge).toMatch(/^[\w-]{43}$/)
    for (const [name, value] of [
      ['response_mode', 'form_post'],
      ['code_challenge', challenge],
      ['code_challenge_method', 'S256'],
      ['x5t#S256', x5tS256],
      ...Object.entries(claims ?? {}).map(([name, value]) => [name, String(value)]),
      ['azpacr', '2'],
      ['version', version],
    ]) {
      expect(story).toMatch(field(String(name), String(value)))
    }
  })

  test.each(['nonce', 'state', 'code', 'code_verifier', 'client_assertion', 'id_token', 'access_token'])(
    '%s is said to have been there, without its value',
    (name) => {
      expect(story).toContain(
        `<dt><code>${name}</code></dt>\n<dd class="value"><span class="withheld">present, never logged</span>`,
      )
    },
  )

  test('tells the steps in the order in which they must happen', () => {
    const titles = [...story.matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, title]) => title)
    const expected = [
      'The browser asks the app for a sign-in',
      'The browser brings the app’s request to Entra',
      'Ada Lindqvist signs in',
      'The browser posts Entra’s answer to the app',
      'The app fetches Entra’s public keys',
      'The transaction is spent',
      'The app redeems the code, and proves that it is the app',
      'Session row and token row are stored, sealed',
      'The session is looked up',
    ]
    const told = [...new Set(titles)]
    expect(told.filter((title) => expected.includes(String(title)))).toEqual(expected)
    expect(titles.filter((title) => title === 'The transaction is spent')).toHaveLength(1)
    expect(titles).toContain('The vault signs the client assertion')
    expect(titles).toContain('The platform vouches for the app to the vault')
  })

  test('names each row that is written by its kind', () => {
    const titles = [...story.matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, title]) => title)
    for (const title of [
      'The transaction is spent',
      'Session row and token row are stored, sealed',
      'Index row of the person: their sessions can be listed',
      'Index row of Entra’s session: a sign-out there can end this one',
    ])
      expect(titles.filter((one) => one === title)).toHaveLength(1)
    expect(titles).not.toContain('A row is written')
  })

  test('does not say that the table turned the app away which only had no such row', () => {
    expect(story).toContain('404, nothing there')
    expect(story).toContain('arrow app-tables"')
    expect(story).not.toContain('arrow app-tables failed')
  })

  test('says of what looks like a refusal and is none that it is as expected', () => {
    const asked = [
      ...story.matchAll(/<h2>([^<]*)<\/h2>\n<p class="call">.*?class="(status(?: bad)?)">([^<]*)</g),
    ]
    expect(
      asked.filter(([, title]) => title === 'Have all sessions been ended?').map(([, , , how]) => how),
    ).toContain('404, nothing there, as expected')
    for (const [, , look, how] of asked) expect([look, how]).not.toEqual(['status bad', expect.anything()])
    expect(story).not.toContain('turned away</b>')
  })

  test('has headings in order: none is deeper by more than one than that before it', () => {
    const levels = [...story.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level))
    expect(levels[0]).toBe(1)
    for (const [index, level] of levels.entries())
      expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1)
  })

  test('a later sign-in shows the signature that was made for the first', async () => {
    world.advance(60_000)
    await newVisitor(world.origin).signIn()
    const later = world.desk.entra.log.findLast(({ kind }) => kind === 'authorize')?.signIn
    const { text } = await page(`${inspector}/${later}`)
    expect(text).toContain('Signed ahead: the vault signs the client assertion')
    expect(text).toContain('The assertion served an earlier request too')
  })

  test('no page holds a code, token, assertion, verifier or cookie', async () => {
    const ids = new Set(world.desk.entra.log.flatMap(({ signIn }) => signIn ?? []))
    const pages = await Promise.all([inspector, ...[...ids].map((one) => `${inspector}/${one}`)].map(page))
    expect(world.secrets.size).toBeGreaterThan(8)
    for (const { text } of pages) {
      for (const secret of world.secrets) expect(text).not.toContain(secret)
    }
  })

  test('needs no script, and its policy lets none run', async () => {
    const { text, headers } = await page(`${inspector}/${id}`)
    expect(text).not.toMatch(/<script|style="|onload|http-equiv/)
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/)
    expect(headers.get('content-security-policy')).not.toContain('script-src')
  })

  test('asks to be fetched again only where the reader wants that', async () => {
    const { text } = await page(`${inspector}/${id}?refresh=2`)
    expect(text).toContain('<meta http-equiv="refresh" content="2">')
    expect(text).toContain(`<a href="${inspector}/${id}">Stop refreshing</a>`)
  })

  test('the sign-in page links to it', async () => {
    const started = await newVisitor(world.origin).ask(`${world.origin}/auth/login`)
    const shown = await (await fetch(String(started.headers.get('location')))).text()
    const latest = world.desk.entra.log.findLast(({ kind }) => kind === 'authorize')?.signIn
    expect(shown).toContain(`href="${inspector}/${latest}"`)
  })
})

test.each([
  [
    'a forged ID token',
    () => Object.assign(world.desk.entra.switches.idToken, { flaw: 'invalid-iss' }),
    'got tokens, and no session',
  ],
  [
    'a refusal of the token endpoint',
    () => Object.assign(world.desk.entra.switches.token, { refuse: 70008 }),
    'the token request was refused',
  ],
] as const)('%s is told as a failure, in words and with a mark', async (_what, breakIt, told) => {
  breakIt()
  await newVisitor(world.origin).signIn()
  world.desk.entra.switches.reset()
  const id = world.desk.entra.log.findLast(({ kind }) => kind === 'authorize')?.signIn
  const row = (await page(inspector)).text.split('\n').find((line) => line.includes(`/${id}"`))
  expect(row).toContain('<b class="failed">✗ ')
  expect(row).toContain(told)
  expect(row).not.toContain('signed in')
  expect((await page(`${inspector}/${id}`)).text).toContain('<b>This sign-in failed.</b>')
})

test('a session is counted to the sign-in that it came of, however soon the next one follows', async () => {
  const { entra } = world.desk
  await newVisitor(world.origin).signIn()
  entra.switches.idToken.flaw = 'invalid-iss'
  await newVisitor(world.origin).signIn()
  entra.switches.reset()
  const ids = entra.log.filter(({ kind }) => kind === 'authorize').map(({ signIn }) => signIn)
  const rows = (await page(inspector)).text.split('\n')
  const row = (id: string | undefined) => rows.find((line) => line.includes(`/${id}"`))
  expect(row(ids.at(-2))).toContain('<b class="succeeded">')
  expect(row(ids.at(-1))).toContain('<b class="failed">')
})

test.each(['/inspect/', '/inspect/unheard-of', '/inspect/%3Cscript%3E'])(
  '%s is answered by a page with 404',
  async (path) => {
    const { status, text } = await page(path)
    expect(status).toBe(404)
    expect(text).toContain('No such sign-in')
  },
)

test('only reading is possible', async () => {
  const response = await fetch(`${world.desk.entra.origin}/inspect`, { method: 'POST' })
  expect(response.status).toBe(405)
})

test('an address that merely begins like its own is the look-alike’s to answer', async () => {
  expect((await page('/inspector')).text).toBe('{"error":"not_found"}')
})

test('its own requests are in no log', () => {
  expect(world.desk.entra.log.filter(({ path }) => path.startsWith('/inspect/'))).toEqual([])
})

test('hostile values are shown as text', async () => {
  const { entra, clientId } = world.desk
  const hostile = `"><img src=x onerror=alert(1)>`
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: `https://evil.example/${hostile}`,
    scope: hostile,
    prompt: hostile,
    claims: hostile,
    code_challenge: hostile,
    code_challenge_method: 'S256',
  })
  await fetch(`${entra.origin}/${entra.tenantId}/oauth2/v2.0/authorize?${query}`)
  const id = entra.log.findLast(({ kind }) => kind === 'authorize')?.signIn
  const { text } = await page(`${inspector}/${id}`)
  expect(text).toContain('&#62;&#60;img src=x onerror')
  expect(text).not.toContain('<img')
})

test('a plain challenge, which is the verifier itself, stays unseen', async () => {
  const { entra, clientId } = world.desk
  const verifier = 'v'.repeat(43)
  const query = new URLSearchParams({ client_id: clientId, code_challenge: verifier })
  await fetch(`${entra.origin}/${entra.tenantId}/oauth2/v2.0/authorize?${query}`)
  expect(JSON.stringify(entra.log)).not.toContain(verifier)
})

describe('the explanations', () => {
  const rows = Object.entries(EXPLANATIONS).flatMap(([message, fields]) =>
    Object.entries(fields).map(([name, [meaning, spec]]) => ({ message, name, meaning, spec })),
  )

  test.each(rows)('$message: $name has a meaning and a section', ({ meaning, spec }) => {
    expect(meaning).toMatch(/^[A-Z].*\.$/)
    expect(spec).toMatch(/§|^Entra: /)
  })

  test.each([
    ['authorization request', 'authorization-request.txt'],
    ['token request', 'token-request.txt'],
  ] as const)('cover every parameter of the %s that the product sends', (message, file) => {
    const sent = readFileSync(`test/golden/${file}`, 'utf8').matchAll(/^([a-z_]+)=/gm)
    const names = [...sent].map(([, name]) => String(name))
    expect(names.length).toBeGreaterThan(5)
    for (const name of names) expect(Object.keys(EXPLANATIONS[message])).toContain(name)
  })
})

test('the deployed bundle holds nothing from local/', async () => {
  const { metafile } = await build({
    entryPoints: ['functions/main.ts'],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'cjs',
    external: ['@azure/functions-core'],
    logLevel: 'silent',
  })
  const inputs = Object.keys(metafile.inputs)
  expect(inputs).toContain('lib/compose.ts')
  expect(inputs.filter((path) => path.startsWith('local/'))).toEqual([])
})

/** A row of a page: its name, and a value that begins so. */
function field(name: string, value: string): RegExp {
  const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\#]/g, '\\$&')
  return new RegExp(`<dt><code>${literal(name)}</code></dt>\n<dd class="value"><code>${literal(value)}[< ]`)
}
