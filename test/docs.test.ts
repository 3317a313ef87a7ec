import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { expect, test } from 'vitest'
import { SETTINGS } from '../lib/config/settings.ts'
import { ERRORS } from '../lib/errors/table.ts'
import {
  DEVICE_COOKIE,
  deviceCookie,
  expiredCookie,
  MOST_TRANSACTIONS,
  SESSION_COOKIE,
  sessionCookie,
  TRANSACTION_COOKIE,
  transactionCookie,
} from '../lib/http/cookies.ts'
import { TRANSACTION_COOKIE_MS, TRANSACTION_MS } from '../lib/session/transaction.ts'
import packageJson from '../package.json' with { type: 'json' }
import { errorPages } from '../packaging/docs/errorPages.ts'

const readme = readFileSync('README.md', 'utf8')

/** The rows of the table under a heading, cell by cell. */
function table(heading: string): string[][] {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('|'))
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

test('the settings table is the list the app reads', () => {
  const code = (text: string): string => (text === '' ? '' : `\`${text}\``)
  const rows = SETTINGS.map(({ name, required, defaultValue, meaning }) => [
    code(name),
    required,
    code(defaultValue),
    meaning,
  ])
  expect(table('Settings')).toEqual(rows)
})

test('the error table is the closed table of the code', () => {
  const rows = Object.entries(ERRORS).map(([code, { kind, status, operatorAction }]) => [
    `\`${code}\``,
    kind,
    String(status),
    operatorAction,
  ])
  expect(table('Errors')).toEqual(rows)
})

test('the pages of docs/errors are those that `npm run docs` makes of the closed table, and no others', () => {
  const pages = errorPages('.')
  const there = readdirSync('docs/errors', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/errors/${name.replaceAll('\\', '/')}`)
  expect(there.toSorted()).toEqual([...pages.keys()].toSorted())
  for (const [path, page] of pages) expect(readFileSync(path, 'utf8'), `${path}: npm run docs`).toBe(page)
})

test('every page of an error tells at least one place where it arises', () => {
  for (const [path, page] of errorPages('.'))
    if (!path.endsWith('README.md')) expect(page, path).toMatch(/## Where it arises\n\n\* \[`lib\//)
})

test('the route table lists every function and the methods it takes', () => {
  const sources = readdirSync('functions').map((file) => readFileSync(`functions/${file}`, 'utf8'))
  const routes = sources.flatMap((source) => {
    const route = /route: (?:mounted\(theApp\(\), )?'([^']*)'/.exec(source)?.[1]
    if (route === undefined || route === '{*path}') return []
    const methods = /methods: \[([^\]]*)\]/.exec(source)?.[1]?.replaceAll("'", '') ?? 'as configured'
    return [[`\`/${route.replace(/^\//, '')}\``, methods]]
  })
  expect(routes.length).toBeGreaterThan(8)
  // RFC 9110 section 9.1: whoever answers GET answers HEAD.
  for (const [route, methods = ''] of routes)
    expect(/\bGET\b/.test(methods), `${route} ${methods}`).toBe(/\bHEAD\b/.test(methods))
  const documented = table('Routes').map(([route, methods]) => [route, methods])
  expect(documented.toSorted()).toEqual(routes.toSorted())
})

test('the cookie table says what the code sets', () => {
  const attributes = ({ secure, httpOnly, sameSite, path }: ReturnType<typeof sessionCookie>): string =>
    [secure && 'Secure', httpOnly && 'HttpOnly', `SameSite=${sameSite}`, `Path=${path}`].join(', ')
  const [session, device, transaction] = table('Cookies')
  expect(session?.slice(0, 2)).toEqual([`\`${SESSION_COOKIE}\``, attributes(sessionCookie('x'))])
  expect(transaction?.slice(0, 2)).toEqual([
    `\`${TRANSACTION_COOKIE}{h}\``,
    attributes(transactionCookie('h', 'x')),
  ])
  expect(device?.slice(0, 2)).toEqual([`\`${DEVICE_COOKIE}\``, attributes(deviceCookie('x'))])
  expect(device?.[2]).toContain(`${(deviceCookie('x').maxAge ?? 0) / 60} minutes`)
  expect(sessionCookie('x').maxAge).toBeUndefined()
  expect(transaction?.[2]).toBe(`${TRANSACTION_COOKIE_MS / 60_000} minutes`)
  expect(readme).toContain(`is accepted for ${TRANSACTION_MS / 60_000} minutes`)
  expect(transaction?.[3]).toContain(`at most ${MOST_TRANSACTIONS}`)
  expect(attributes(expiredCookie(SESSION_COOKIE))).toBe(attributes(sessionCookie('x')))
  expect(attributes(expiredCookie(DEVICE_COOKIE))).toBe(attributes(deviceCookie('x')))
})

test('every runtime dependency is justified, and nothing else is listed', () => {
  const listed = table('What it stands on').map(([name]) => name?.replaceAll('`', ''))
  expect(listed.toSorted()).toEqual(Object.keys(packageJson.dependencies).toSorted())
})

test('every command of the README is a script', () => {
  const named = [...readme.matchAll(/\bnpm (?:run ([a-z]+)|(start|test))\b/g)].map(
    ([, run, own]) => run ?? own ?? '',
  )
  expect(named.length).toBeGreaterThan(5)
  for (const name of new Set(named)) expect(Object.keys(packageJson.scripts)).toContain(name)
})

test('every file that the README links to is there', () => {
  const links = [...readme.matchAll(/\]\((?!http)([^)#]+)\)/g)].map(([, path]) => path ?? '')
  expect(links.length).toBeGreaterThan(5)
  for (const path of links) expect(() => readFileSync(path)).not.toThrow()
})

/** Directories below one, with all below them where `isDeep`. */
function roomsOf(folder: string, isDeep: boolean): string[] {
  return readdirSync(folder, { recursive: isDeep, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${posix.join(entry.parentPath.replaceAll('\\', '/'), entry.name)}/`)
}

test('the map of CONTRIBUTING.md gives each directory of the product, the commands, the stand-ins, the packaging, the benchmarks and the tests one job, once', () => {
  const contributing = readFileSync('CONTRIBUTING.md', 'utf8')
  const rooms = [
    ...['lib', 'commands', 'local', 'packaging'].flatMap((folder) => roomsOf(folder, true)),
    ...['bench', 'test'].flatMap((folder) => roomsOf(folder, false)),
  ]
  const named = [...contributing.matchAll(/^\| `([^`]+\/)` \| (.{8,}) \|$/gm)].map(([, room = '']) => room)

  expect(named.toSorted()).toEqual(rooms.toSorted())
})
