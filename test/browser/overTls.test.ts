/** `npm start -- --https`: the desk as a browser sees it that keeps no Secure cookie without TLS. */
import { createHash, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { get } from 'node:https'
import { resolve } from 'node:path'
import { setDefaultCACertificates } from 'node:tls'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { thisMachine } from '../../local/tls/thisMachine.ts'
import { trustLines } from '../../local/tls/trustCommands.ts'
import { choose, isSignedInAs } from '../support/atBrowser.ts'
import { findBrowser, launchBrowser } from '../support/browser.ts'
import { openStart, type Started } from '../support/openStart.ts'

const FOLDER = 'dist/desk-tls'
const hasBrowser = findBrowser() !== undefined
let started: Started
let origin: string

beforeAll(async () => {
  started = await openStart(['--https'])
  origin = `https://localhost:${started.port}`
})
afterAll(() => started?.close())

describe('a desk over TLS', () => {
  test('says where it is, and what has this machine trust it', () => {
    expect(started.lines.at(-1)).toBe(`Signet is ready: ${origin}`)
    for (const line of trustLines(resolve(FOLDER, 'authority.pem'), thisMachine()))
      expect(started.lines).toContain(line)
  })

  test('answers whoever trusts its authority and nobody else', async () => {
    const rejected = new Promise((_resolve, reject) =>
      get(`${origin}/health/live`, { ca: [] }).on('error', reject),
    )
    await expect(rejected).rejects.toMatchObject({ code: expect.stringMatching(/UNABLE|SELF/) })

    setDefaultCACertificates([await readFile(`${FOLDER}/authority.pem`, 'utf8')])
    const answer = await fetch(`${origin}/health/ready`)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'application/json; charset=utf-8',
    ])
  })

  test('tells no browser to reach all of localhost by TLS alone', async () => {
    setDefaultCACertificates([await readFile(`${FOLDER}/authority.pem`, 'utf8')])
    const answer = await fetch(`${origin}/auth/session`)
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=0')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })

  describe.skipIf(!hasBrowser)(`in a browser${hasBrowser ? '' : ' (skipped: no Chromium found)'}`, () => {
    let browser: Browser
    beforeAll(async () => {
      const { publicKey } = new X509Certificate(await readFile(`${FOLDER}/localhost.pem`, 'utf8'))
      const spki = publicKey.export({ type: 'spki', format: 'der' })
      const hash = createHash('sha256').update(spki).digest('base64')
      browser = await launchBrowser([`--ignore-certificate-errors-spki-list=${hash}`])
    })
    afterAll(() => browser?.close())

    test('signs a person in, under https throughout, and out again', async () => {
      const context = await browser.newContext({ baseURL: origin })
      context.setDefaultTimeout(15_000)
      const page = await context.newPage()
      await page.goto('/auth/login')
      await choose(page, 'Ada Lindqvist')
      await page.waitForURL(`${origin}/`)
      await isSignedInAs(page, 'Ada Lindqvist')
      const cookies = await context.cookies(origin)
      expect(cookies.find(({ name }) => name === '__Host-signet')).toMatchObject({ secure: true })
      await page.getByRole('button', { name: 'Sign out', exact: true }).click()
      await page.waitForURL(`${origin}/auth/signed-out`)
      await context.close()
    })
  })
})
