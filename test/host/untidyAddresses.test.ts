/** The deployed bundle under each host: an address of ours is known in every spelling that the platform takes for it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRunningApp, type RunningApp } from '../support/openRunningApp.ts'
import { describeUnderRealHost } from '../support/realHost.ts'
import { location, newVisitor } from '../support/visitor.ts'

describe('under our host', () => knowsItsAddresses(undefined))
describeUnderRealHost('under the real Functions host', knowsItsAddresses)

function knowsItsAddresses(program: string | undefined): void {
  describe('sign-in', () => {
    let running: RunningApp
    beforeAll(async () => {
      running = await openRunningApp({ program })
    })
    afterAll(() => running?.close())

    test.each([
      '/auth/login',
      '/auth/login/',
      '/AUTH/Login',
      '/%61uth/login',
      '/auth/login?',
      '/auth/login/?utm_source=x',
      '/auth/login?returnTo=/a%20b&returnTo=/a+b',
      '/auth/login?returnTo=%2Fsuche%3Fq%3D%C3%A4',
    ])('starts at %s', async (address) => {
      const reply = await newVisitor(running.origin).ask(running.origin + address)
      expect([reply.status, reply.setCookies.length]).toEqual([302, 1])
      expect(location(reply)).toContain(`${running.desk.entra.origin}/`)
    })

    test('may be begun by a form, whatever it says of its charset', async () => {
      const reply = await newVisitor(running.origin).ask(`${running.origin}/auth/login`, {
        method: 'POST',
        form: new URLSearchParams({
          iss: running.desk.entra.issuer,
          target_link_uri: `${running.origin}/orders`,
        }),
        from: 'https://portal.fabrikam.example',
        headers: {
          'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        },
      })
      expect([reply.status, reply.headers.get('location')]).toEqual([303, '/auth/login?returnTo=%2Forders'])
    })

    test('is looked at by HEAD, and nothing starts', async () => {
      const head = (address: string) =>
        newVisitor(running.origin).ask(running.origin + address, { method: 'HEAD' })
      const [good, bad] = [await head('/auth/login'), await head('/auth/login?prompt=create')]
      expect([good.status, good.setCookies, bad.status, bad.setCookies]).toEqual([200, [], 400, []])
    })
  })
}
