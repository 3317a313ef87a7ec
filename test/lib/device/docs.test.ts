/** docs/device-binding.md against the tests and the table of errors: what a row names is there. */
import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SETTINGS } from '../../../lib/config/settings.ts'
import { ERRORS } from '../../../lib/errors/table.ts'

const page = readFileSync('docs/device-binding.md', 'utf8')
const [, rows = ''] = page.split('\n| test | behaviour | here |\n|---|---|---|\n')
const behaviours = rows
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.slice(2, -2).split(' | '))
const tests = globSync('test/**/*.test.ts')
  .map((path) => readFileSync(path, 'utf8').replaceAll("\\'", "'"))
  .join('\n')

/** The web-platform tests of `device-bound-session-credentials/`, as of November 2026. */
const PUBLIC_TESTS = `
  allowed-refresh-initiators clear-cookies-site-data clear-site-data create-session credentials-matching debug-header empty-response
  federated-session fetch-no-credentials include-site multiple-credentials multiple-registrations not-secure-connection
  refresh-does-not-send-challenge refresh-replaces-config refresh-with-continue-false registration-no-challenge
  registration-sends-challenge requests-have-query-params resolving-urls session-cookie-has-no-attributes set-authorization
  set-early-challenge set-scope-origin set-scope-specification subdomain-registration third-party-registration websockets`
  .trim()
  .split(/\s+/)

describe('docs/device-binding.md', () => {
  it('has every public test once', () => {
    expect(behaviours.map(([name]) => name?.replaceAll('`', '')).toSorted()).toEqual(PUBLIC_TESTS)
  })

  it.each(behaviours)(
    '%s: each test that is named is there, or it says why none is',
    (_name, _what, here = '') => {
      const titles = [...here.matchAll(/“([^”]+)”/g)].map(([, title = '']) => title)
      if (titles.length === 0) expect(here).toMatch(/^Not used/)
      for (const title of titles)
        expect(
          ["'", '"', '`'].some((quote) => tests.includes(`${quote}${title}${quote}`)),
          title,
        ).toBe(true)
    },
  )

  it('names codes, events and settings that there are', () => {
    const lib = globSync('lib/**/*.ts').map((path) => readFileSync(path, 'utf8'))
    for (const [, code = ''] of page.matchAll(/`((?:session|device)\/[a-z_]+)`/g))
      expect(Object.keys(ERRORS)).toContain(code)
    for (const [, event = ''] of page.matchAll(/`(device\.[a-z_]+)`/g))
      expect(
        lib.some((text) => text.includes(`'${event}'`)),
        event,
      ).toBe(true)
    expect(SETTINGS.map(({ name }) => name)).toContain('SESSION_DEVICE_BINDING')
  })
})
