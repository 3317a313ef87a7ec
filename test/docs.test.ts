import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SETTINGS } from '../lib/config/settings.ts'
import { ERRORS } from '../lib/errors/table.ts'
import {
  expiredCookie,
  MOST_TRANSACTIONS,
  SESSION_COOKIE,
  sessionCookie,
  TRANSACTION_COOKIE,
  transactionCookie,
} from '../lib/http/cookies.ts'
import { TRANSACTION_COOKIE_MS, TRANSACTION_MS } from '../lib/session/transaction.ts'
import packageJson from '../package.json' with { type: 'json' }

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

test('the route table lists every function and the methods it takes', () => {
  const sources = readdirSync('functions').map((file) => readFileSync(`functions/${file}`, 'utf8'))
  const routes = sources.flatMap((source) => {
    const route = /route: '([^']*)'/.exec(source)?.[1]
    if (route === undefined || route === '{*path}') return []
    const methods = /methods: \[([^\]]*)\]/.exec(source)?.[1]?.replaceAll("'", '') ?? 'as configured'
    return [[`\`/${route.replace(/^\//, '')}\``, methods]]
  })
  expect(routes.length).toBeGreaterThan(8)
  const documented = table('Routes').map(([route, methods]) => [route, methods])
  expect(documented.toSorted()).toEqual(routes.toSorted())
})

test('the cookie table says what the code sets', () => {
  const attributes = ({ secure, httpOnly, sameSite, path }: ReturnType<typeof sessionCookie>): string =>
    [secure && 'Secure', httpOnly && 'HttpOnly', `SameSite=${sameSite}`, `Path=${path}`].join(', ')
  const [session, transaction] = table('Cookies')
  expect(session?.slice(0, 2)).toEqual([`\`${SESSION_COOKIE}\``, attributes(sessionCookie('x'))])
  expect(transaction?.slice(0, 2)).toEqual([
    `\`${TRANSACTION_COOKIE}{h}\``,
    attributes(transactionCookie('h', 'x')),
  ])
  expect(sessionCookie('x').maxAge).toBeUndefined()
  expect(transaction?.[2]).toBe(`${TRANSACTION_COOKIE_MS / 60_000} minutes`)
  expect(readme).toContain(`is accepted for ${TRANSACTION_MS / 60_000} minutes`)
  expect(transaction?.[3]).toContain(`at most ${MOST_TRANSACTIONS}`)
  expect(attributes(expiredCookie(SESSION_COOKIE))).toBe(attributes(sessionCookie('x')))
})

test('every runtime dependency is justified, and nothing else is listed', () => {
  const listed = table('What it stands on').map(([name]) => name?.replaceAll('`', ''))
  expect(listed.toSorted()).toEqual(Object.keys(packageJson.dependencies).toSorted())
})

test('every command of the README is a script', () => {
  const named = [
    ...readme.matchAll(/npm (?:run )?(start|test|func|check|build|package|doctor|bench|walkthrough)\b/g),
  ].map(([, name]) => name ?? '')
  expect(named.length).toBeGreaterThan(5)
  for (const name of new Set(named)) expect(Object.keys(packageJson.scripts)).toContain(name)
})

test('every file that the README links to is there', () => {
  const links = [...readme.matchAll(/\]\((?!http)([^)#]+)\)/g)].map(([, path]) => path ?? '')
  expect(links.length).toBeGreaterThan(5)
  for (const path of links) expect(() => readFileSync(path)).not.toThrow()
})
