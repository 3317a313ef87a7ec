/** What docs/sign-in.md says of `/auth/sessions`, against live answers. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openJourney } from '../support/openJourney.ts'
import { BY_SCRIPT, isSignedIn } from '../support/screens.ts'
import { newVisitor, type Visitor } from '../support/visitor.ts'

const page = readFileSync('docs/sign-in.md', 'utf8')
const world = await openJourney()

async function signedIn(): Promise<Visitor> {
  const visitor = newVisitor(world.origin)
  await visitor.signIn('/auth/login')
  return visitor
}

async function ask(visitor: Visitor, method: string, query = '', headers = {}) {
  const reply = await visitor.ask(`${world.origin}/auth/sessions${query}`, {
    method,
    from: world.origin,
    headers: { ...BY_SCRIPT, ...headers },
  })
  return { status: reply.status, body: JSON.parse(reply.text) }
}

test('the table has every member of a listed session and no other, and so has the client’s type', async () => {
  const { body } = await ask(await signedIn(), 'GET')
  const members = Object.keys(body.sessions[0])
  const rows = page.split('\n| of each session |')[1]?.split('\n\n')[0] ?? ''
  const type = /interface OwnSession \{([\s\S]*?)\n\}/.exec(readFileSync('client/sessions.ts', 'utf8'))?.[1]

  expect(Object.keys(body)).toEqual(['sessions'])
  expect(members).toHaveLength(7)
  expect([...rows.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)).toEqual(members)
  expect([...(type ?? '').matchAll(/readonly (\w+):/g)].map(([, name]) => name)).toEqual(members)
})

test('all others end in the words that it gives, with the header that it names and the answer that it gives', async () => {
  const [here, there] = [await signedIn(), await signedIn()]
  const [, query = ''] = /`DELETE \/auth\/sessions(\?others[^`]*)`/.exec(page) ?? []

  expect((await ask(here, 'DELETE', query)).status).toBe(403)
  expect(await isSignedIn(world, there)).toBe(true)
  const { status, body } = await ask(here, 'DELETE', query, { 'x-csrf': '1' })
  expect([status, Object.keys(body)]).toEqual([200, ['ended']])
  expect(await isSignedIn(world, there)).toBe(false)
  expect(await isSignedIn(world, here)).toBe(true)
})
