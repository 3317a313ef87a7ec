import { afterAll, expect, test } from 'vitest'
import { openJourney } from '../support/openJourney.ts'
import { newVisitor } from '../support/visitor.ts'

const world = await openJourney()
afterAll(() => world.close())

test('a look at a session and the tokens with it is told as one, and not as a search', async () => {
  const { entra, clientId } = world.desk
  const api = { url: `${entra.origin}/`, as: 'user', scope: `api://${clientId}/access_as_user` }
  world.replaceInstance({ DOWNSTREAM_APIS: JSON.stringify({ orders: api }) })
  const person = newVisitor(world.origin)
  await person.signIn('/auth/login?returnTo=/')
  await person.ask(`${world.origin}/auth/session`)
  const id = String(entra.log.find(({ kind }) => kind === 'authorize')?.signIn)
  const story = await (await fetch(`${entra.origin}/inspect/${id}`)).text()

  expect(story).toContain('The session is looked up, with the person’s tokens')
  expect(story).not.toContain('Rows are searched')
})

test('what looks like a refusal beside the sign-ins is told as expected there, too', async () => {
  await newVisitor(world.origin).ask(`${world.origin}/health/ready`)
  const text = await (await fetch(`${world.desk.entra.origin}/inspect`)).text()
  const told = (title: string): string[] =>
    [...text.matchAll(new RegExp(`<dd>${title} <span class="spec">([^<]+)<`, 'g'))].map(([, how = '']) => how)
  expect(told('Does the table answer\\?')).toContain('404, nothing there, as expected')
  for (const title of ['Which version of the certificate signs\\?', 'The vault asks who is there'])
    for (const how of told(title))
      expect(how).toMatch(/^(2\d\d|404, nothing there, as expected|401, as expected)$/)
})
