/** docs/front-end.md against the code: every header, floor, status and setting that it names. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { MOST_RESPONSE_BYTES } from '../../../../lib/config/downstreamApi.ts'
import { SETTINGS } from '../../../../lib/config/settings.ts'
import { ERRORS } from '../../../../lib/errors/table.ts'
import { requirePassable } from '../../../../lib/http/frontEnd/frontEndAnswer.ts'
import {
  ADDRESS_HEADERS,
  ASKING_HEADERS,
  FLOORS,
  RETURNED_HEADERS,
} from '../../../../lib/http/frontEnd/frontEndHeaders.ts'
import { configOf } from '../../../support/configOf.ts'
import { outcomeOf } from '../../../support/faultOf.ts'

const page = readFileSync('docs/front-end.md', 'utf8')

/** The rows of the table that has this first heading, cell by cell. */
function table(heading: string): string[][] {
  const [, after = ''] = page.split(`\n| ${heading} |`)
  const [, , ...rows] = (after.split('\n\n')[0] ?? '').split('\n')
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')

test('the lists of headers are those that pass, in each direction', () => {
  expect(table('to the front end').map(([, names]) => names)).toEqual([listed(ASKING_HEADERS)])
  expect(table('from the front end').map(([, names]) => names)).toEqual([
    listed(RETURNED_HEADERS),
    listed(Object.keys(ADDRESS_HEADERS)),
  ])
})

test('the floors are those of the code', () => {
  const { frontEnd } = configOf({ FRONT_END_URL: 'https://files.example' })
  const floors = { ...FLOORS, 'content-security-policy': frontEnd?.contentSecurityPolicy }
  expect(table('header')).toEqual(
    Object.entries(floors).map(([name, value]) => [`\`${name}\``, `\`${value}\``]),
  )
})

test('every setting of the front end is explained, with its default and its bound', () => {
  const settings = SETTINGS.filter(({ name }) => name.startsWith('FRONT_END_'))
  const rows = table('setting')
  expect(rows.map(([name]) => name)).toEqual(settings.map(({ name }) => `\`${name}\``))
  for (const { name, defaultValue } of settings)
    expect(rows.find(([one]) => one === `\`${name}\``)?.[1]).toContain(defaultValue)
  expect(page).toContain(`up to ${MOST_RESPONSE_BYTES}`)
})

test('every code is one of the error table, with the status that it has there', () => {
  const named = [...page.matchAll(/(\d{3}) `(frontend\/\w+)`/g)]
  expect(new Set(named.map(([, , code]) => code)).size).toBe(
    Object.keys(ERRORS).filter((code) => code.startsWith('frontend/')).length,
  )
  for (const [, status, code = ''] of named)
    expect([code, String(ERRORS[code as keyof typeof ERRORS]?.status)]).toEqual([code, status])
})

test('the table of statuses is what becomes of them', async () => {
  const outcome = (status: number, isOwnRedirect = false): Promise<string> =>
    outcomeOf(() => requirePassable({ status, headers: new Headers() }, isOwnRedirect, 0))
  const said = (status: string): string | undefined =>
    table('the front end').find(([what = '']) => what.includes(status))?.[1]
  for (const status of [300, 305, 306, 401, 407, 408, 421, 425, 429])
    expect(said(String(status)), String(status)).toContain(await outcome(status, true))
  for (const status of [200, 206, 304, 400, 403, 404, 410, 412, 416])
    expect(await outcome(status)).toBe('none')
  for (const status of [301, 302, 303, 307, 308])
    expect([await outcome(status, true), await outcome(status)]).toEqual(['none', 'frontend/misaddressed'])
  for (const status of [500, 503, 599]) expect(await outcome(status)).toBe('frontend/unavailable')
  for (const status of [0, 101, 199, 600, 999])
    expect(await outcome(status)).toBe('frontend/malformed_response')
})

test('the table of the mount path is what the settings make of it', () => {
  const addressesOf = (basePath: string): string[] => {
    const { app } = configOf({ BASE_PATH: basePath })
    const path = (uri: string): string => uri.slice(app.origin.length)
    return [
      app.paths.login,
      [app.redirectUri, app.signedOutUri].map(path).join('`, `'),
      path(app.frontchannelLogoutUri),
      app.paths.page,
      `${app.basePath}/api/{name}/…`,
      `${app.basePath}/health/ready`,
    ]
  }
  const rows = table('what').slice(0, 6)
  for (const [column, basePath] of [
    [1, ''],
    [2, '/api'],
  ] as const)
    for (const [i, address] of addressesOf(basePath).entries())
      expect(rows[i]?.[column]?.startsWith(`\`${address}\``), `${rows[i]?.[0]}: ${address}`).toBe(true)
})
