/** What `/auth/session` answers in each state of a person, beside the type of it that the client gives to front ends. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ORDERS } from '../../local/sampleApi/sampleApis.ts'
import { deviceWorld } from '../support/deviceWorld.ts'
import { openJourney } from '../support/openJourney.ts'
import { BY_SCRIPT } from '../support/screens.ts'
import { newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const MINUTE_MS = 60_000
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const world = await openJourney({ isFrozen: true, desk: { identityTokenLifetimeSec: 10 * 86_400 } })
const { entra } = world.desk
const { look, signedIn, bound, url } = deviceWorld(world)
const folder = mkdtempSync(join(tmpdir(), 'signet-session-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Members = { readonly [name: string]: unknown }
const answers: Record<string, Members> = {}

const byScript = (visitor: Visitor, method: string, path: string): Promise<Reply> =>
  visitor.ask(url(path), { method, from: world.origin, headers: { ...BY_SCRIPT, 'x-csrf': '1' } })
const read = (reply: Reply): Members => JSON.parse(reply.text)

beforeAll(async () => {
  answers.signedOut = read(await look(newVisitor(world.origin)))
  answers.signedIn = read(await look(await signedIn()))
  const apis = JSON.parse(world.desk.settings.DOWNSTREAM_APIS ?? '')
  const withRole = { ...apis, reports: { ...apis.reports, roles: ['Nobody.Has'] } }
  world.replaceInstance({ DOWNSTREAM_APIS: JSON.stringify(withRole) })
  answers.withoutRole = read(await look(await signedIn()))
  world.replaceInstance()
  answers.bound = read(await look(await bound()))

  const claims = { id_token: { acrs: { essential: true, value: 'c1' } } }
  const steppedUp = newVisitor(world.origin)
  await steppedUp.signIn(`/auth/login?claims=${encodeURIComponent(JSON.stringify(claims))}`)
  answers.steppedUp = read(await look(steppedUp))

  const withoutConsent = await signedIn()
  entra.forgetConsents(ORDERS.clientId)
  entra.switches.consent.notGivenFor = [ORDERS.clientId]
  await byScript(withoutConsent, 'GET', '/api/orders/list')
  answers.withoutConsent = read(await look(withoutConsent))

  const wantedAgain = await signedIn()
  world.advance(MINUTE_MS)
  entra.switches.token.refuse = 50076
  answers.wantedAgain = read(await byScript(wantedAgain, 'POST', '/auth/session'))
  entra.switches.reset()
})

/** `user.name`; what is in a list under the name of the list. */
function pathsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(pathsOf)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => [
    name,
    ...pathsOf(inner).map((path) => `${name}.${path}`),
  ])
}

/** The compiler about these answers, taken for what the client says they are: the faulty by name, `members` where their members are not those of the type. */
function judge(live: Readonly<Record<string, Members>>) {
  const constants = Object.entries(live).map(
    ([name, answer]) => `export const ${name}: Session = ${JSON.stringify(answer)}`,
  )
  const paths = Object.fromEntries(pathsOf(Object.values(live)).map((path) => [path, true]))
  const code = `import type { Session } from ${JSON.stringify(join(ROOT, 'client/client.ts'))}
type Paths<T> = T extends readonly (infer Item)[] ? Paths<Item>
  : T extends object ? { [K in keyof T & string]-?: K | \`\${K}.\${Paths<NonNullable<T[K]>>}\` }[keyof T & string] : never
${constants.join('\n')}
export const members: Record<Paths<Session>, true> = ${JSON.stringify(paths)}
`
  writeFileSync(join(folder, 'answers.ts'), code)
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022', 'dom', 'dom.iterable'],
    module: 'esnext',
    moduleResolution: 'bundler',
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    allowImportingTsExtensions: true,
    noEmit: true,
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['answers.ts'] }))
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' })
  const lines = code.split('\n')
  const faulty = [...stdout.matchAll(/answers\.ts\((\d+),/g)].map(
    ([, line]) => /^export const (\w+)/.exec(lines[Number(line) - 1] ?? '')?.[1],
  )
  return { status, stdout, faulty: [...new Set(faulty)] }
}

test('each state of a person has its answer', () => {
  const { signedOut, withoutRole, bound, steppedUp, withoutConsent, wantedAgain } = answers
  expect(signedOut).toEqual({ authenticated: false, loginUrl: '/auth/login' })
  expect(answers.signedIn).toMatchObject({ authenticated: true, deviceBound: false, acrs: [] })
  expect(withoutRole).toMatchObject({ apis: [{}, { name: 'reports', state: 'role' }] })
  expect(bound).toMatchObject({ deviceBound: true })
  expect(steppedUp).toMatchObject({ acrs: ['c1'] })
  expect(withoutConsent).toMatchObject({ apis: [{ state: 'consent', loginUrl: expect.any(String) }, {}] })
  expect(wantedAgain).toMatchObject({ authenticated: true, loginUrl: '/auth/login' })
})

test('every member of every answer is in the client’s type, and every member of the type is in an answer', () => {
  expect(judge(answers)).toEqual({ status: 0, stdout: '', faulty: [] })
}, 60_000)

test('an answer that gained or lost a member, at any depth, is no answer of that type', () => {
  const { signedIn } = answers
  const { user } = signedIn as { user: Members }
  const { deviceBound: _lost, ...withoutBound } = signedIn ?? {}
  const more = { ...signedIn, sid: 'x' }
  const moreOfUser = { ...signedIn, user: { ...user, email: 'x' } }
  const { faulty } = judge({ ...answers, more, moreOfUser, less: withoutBound })
  expect(faulty).toEqual(['more', 'moreOfUser', 'less', 'members'])

  const { withoutConsent: _consent, ...unseen } = answers
  expect(judge(unseen)).toMatchObject({
    stdout: expect.stringContaining('apis.loginUrl'),
    faulty: ['members'],
  })
}, 60_000)
