/** The deployed bundle under each host: what a caller writes into query or body never becomes a header of the request. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRunningApp, type RunningApp } from '../support/openRunningApp.ts'
import { describeUnderRealHost } from '../support/realHost.ts'
import { newVisitor, type Visitor } from '../support/visitor.ts'

describe('under our host', () => keepsHeaders(undefined))
describeUnderRealHost('under the real Functions host', keepsHeaders)

function keepsHeaders(program: string | undefined): void {
  describe('a signed-in person', () => {
    let running: RunningApp
    let visitor: Visitor
    beforeAll(async () => {
      running = await openRunningApp({ program })
      visitor = newVisitor(running.origin)
      await visitor.signIn()
    })
    afterAll(() => running?.close())

    const forged = JSON.stringify({
      'sec-fetch-site': 'same-origin',
      cookie: '__Host-signet=forged',
      'x-csrf': '1',
    })
    const asQuery = new URLSearchParams({ Headers: forged })

    test.each([
      ['in the query', `?${asQuery}`, new URLSearchParams()],
      ['in the form', '', new URLSearchParams({ Headers: forged })],
    ])('is not signed out by another site that forges headers %s', async (_where, query, form) => {
      const reply = await visitor.ask(`${running.origin}/auth/logout${query}`, {
        method: 'POST',
        form,
        from: 'https://evil.example',
      })
      expect(reply.status).toBe(403)
      expect(reply.setCookies).toEqual([])
    })

    test('stays who they are, whatever cookie a link names', async () => {
      const reply = await visitor.ask(`${running.origin}/auth/session?${asQuery}`, {
        headers: { accept: 'application/json' },
      })
      expect(JSON.parse(reply.text)).toMatchObject({ authenticated: true, user: { name: 'Ada Lindqvist' } })
    })

    test('stays so with an empty set of headers named', async () => {
      const reply = await visitor.ask(`${running.origin}/auth/session?headers=x`, {
        headers: { accept: 'application/json' },
      })
      expect(JSON.parse(reply.text)).toMatchObject({ authenticated: true })
    })

    test('is answered though a caller names an invocation of the host', async () => {
      const reply = await visitor.ask(`${running.origin}/health/live`, {
        headers: { 'x-ms-invocation-id': 'mine' },
      })
      expect(reply.status).toBe(200)
    })
  })
}
