import { afterAll, describe, expect, it } from 'vitest'
import { openFrontEnd } from '../../support/openFrontEnd.ts'
import { openExaminedWorld } from './openExaminedWorld.ts'

const { world, examine } = await openExaminedWorld()
const site = await openFrontEnd()
afterAll(() => site.close())

const FIX = expect.stringMatching(/ --settings FRONT_END_URL=<value>$/)

/** The finding on a front end that answers its first page so. */
async function findingOn(status: number, headers: Record<string, string> = {}) {
  site.files.set('/', (response) => response.writeHead(status, headers).end('<title>x</title>'))
  return (await examine({ FRONT_END_URL: site.origin })).of('front-end')
}

describe('a front end', () => {
  it('is not asked for where there is none', async () => {
    expect((await examine()).all.map(({ id }) => id)).not.toContain('front-end')
  })

  it('passes with a first page, asked for once and without a cookie', async () => {
    site.asked.length = 0
    expect(await findingOn(200)).toMatchObject({
      verdict: 'pass',
      seen: `${site.origin}/ answers with a first page.`,
    })
    expect(site.asked.map(({ method, url, headers }) => [method, url, headers.cookie])).toEqual([
      ['GET', '/', undefined],
    ])
  })

  it('passes with a redirect within, by path or by its whole address', async () => {
    for (const location of ['/app/', `${site.origin}/app/`])
      expect(await findingOn(302, { location })).toMatchObject({ verdict: 'pass' })
  })

  it('fails where nothing answers, with the reason that the network gives', async () => {
    const closed = await openFrontEnd()
    closed.close()
    expect((await examine({ FRONT_END_URL: closed.origin })).of('front-end')).toMatchObject({
      verdict: 'fail',
      seen: `No front end answers at ${closed.origin}/ (ECONNREFUSED).`,
      fix: FIX,
    })
  })

  it.each([
    ['http://127.0.0.2/landing?code=secret', '127.0.0.2'],
    ['//elsewhere.example/', 'elsewhere.example'],
  ])('fails with a redirect elsewhere, of which the host alone is told: %s', async (location, host) => {
    const { verdict, seen, fix } = await findingOn(301, { location })
    expect([verdict, fix]).toEqual(['fail', FIX])
    expect(seen).toBe(
      `${site.origin}/ redirects to ${host}, which is not under FRONT_END_URL: browsers are not sent there.`,
    )
  })

  it('fails with a redirect that leads nowhere', async () => {
    expect(await findingOn(302)).toMatchObject({
      verdict: 'fail',
      seen: `${site.origin}/ answers with status 302, which leads nowhere.`,
      fix: FIX,
    })
  })

  it('fails where it wants a sign-in of its own', async () => {
    expect(await findingOn(401)).toMatchObject({
      verdict: 'fail',
      seen: `${site.origin}/ wants a sign-in of its own (status 401): the app brings no credential along.`,
      fix: FIX,
    })
  })

  it.each([204, 403, 404, 500, 503])('fails without a first page: %s', async (status) => {
    expect(await findingOn(status)).toMatchObject({
      verdict: 'fail',
      seen: `${site.origin}/ has no first page (status ${status}).`,
      fix: FIX,
    })
  })

  it('fails where it is this app itself under another name; a correlation id alone is no sign of that', async () => {
    const own = world.origin.replace('localhost', '127.0.0.1')
    expect((await examine({ FRONT_END_URL: own })).of('front-end')).toMatchObject({
      verdict: 'fail',
      seen: `FRONT_END_URL leads to this app itself: at ${own}/ it would ask itself.`,
      fix: FIX,
    })
    expect(await findingOn(200, { 'x-correlation-id': 'theirs' })).toMatchObject({ verdict: 'pass' })
  })
})
