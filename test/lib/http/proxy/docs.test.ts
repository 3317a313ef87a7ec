import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  DEFAULT_RESPONSE_BYTES,
  DEFAULT_TIMEOUT_SEC,
  MEMBERS,
  MOST_RESPONSE_BYTES,
  MOST_TIMEOUT_SEC,
} from '../../../../lib/config/downstreamApi.ts'
import { ERRORS } from '../../../../lib/errors/table.ts'
import {
  ADDRESS_HEADERS,
  ASKING_HEADERS,
  BODY_HEADERS,
  DIGESTS,
  RETURNED_HEADERS,
} from '../../../../lib/http/proxy/apiHeaders.ts'
import { LONGEST_BODY, LONGEST_FORM } from '../../../../lib/http/requestBody.ts'
import { HOST_SETTINGS } from '../../../../local/hostSettings.ts'

const page = readFileSync('docs/apis.md', 'utf8')

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

test('the table of members is what the setting takes', () => {
  const rows = table('member')
  expect(rows.map(([name]) => name)).toEqual(MEMBERS.map((name) => `\`${name}\``))
  const [, seconds = '', time = ''] = rows.find(([name]) => name === '`timeoutSec`') ?? []
  expect([seconds, time]).toEqual([
    String(DEFAULT_TIMEOUT_SEC),
    `seconds that the API has for its whole answer, up to ${MOST_TIMEOUT_SEC}; both tries together where it refused a token, and nothing of what getting the token takes`,
  ])
  const [, size = '', meaning = ''] = rows.find(([name]) => name === '`maxResponseBytes`') ?? []
  expect([size, meaning]).toEqual([
    String(DEFAULT_RESPONSE_BYTES),
    `bytes of an answer, up to ${MOST_RESPONSE_BYTES}`,
  ])
})

test('the limits are those of the code, and of the host that it is deployed with', () => {
  expect(table('limit').map(([, figure]) => figure)).toEqual([
    String(LONGEST_FORM),
    String(LONGEST_BODY),
    HOST_SETTINGS.FUNCTIONS_REQUEST_BODY_SIZE_LIMIT,
    '`maxResponseBytes`',
    '`timeoutSec`',
  ])
})

test('the lists of headers are those that pass, in each direction', () => {
  expect(table('to the API').map(([, names]) => names)).toEqual([
    listed(ASKING_HEADERS),
    listed(BODY_HEADERS),
  ])
  expect(table('from the API').map(([, names]) => names)).toEqual([
    listed(RETURNED_HEADERS),
    listed(DIGESTS),
    listed([...ADDRESS_HEADERS, 'link']),
  ])
})

test('every code is one of the error table, with the status that it has there', () => {
  const named = [...page.matchAll(/(\d{3}) `((?:api|http)\/\w+)`/g)]
  expect(new Set(named.map(([, , code]) => code)).size).toBeGreaterThan(7)
  for (const [, status, code = ''] of named) {
    expect([code, String(ERRORS[code as keyof typeof ERRORS]?.status)]).toEqual([code, status])
  }
})
