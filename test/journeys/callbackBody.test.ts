import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyText } from '../support/anyText.ts'
import { openJourney } from '../support/openJourney.ts'
import { expectNothingHappened, tracesOf } from '../support/traces.ts'
import { newVisitor } from '../support/visitor.ts'

const world = await openJourney()

/** Names that an authorization response has, names it must not have, and anything else. */
const name = fc.oneof(
  fc.constantFrom('state', 'code', 'error', 'iss', 'id_token', 'response', 'session_state'),
  anyText(16),
)

test('whatever is posted, the callback answers with a screen of its own, and nothing happens', async () => {
  const before = await tracesOf(world)
  const visitor = newVisitor(world.origin)
  const form = await visitor.toCallback()
  const genuine = [...form.fields]
  await fc.assert(
    fc.asyncProperty(
      fc.subarray(genuine.filter(([field]) => field !== 'code')),
      fc.array(fc.tuple(name, anyText(200)), { maxLength: 6 }),
      async (kept, added) => {
        const fields = new URLSearchParams([...kept, ...added.filter(([field]) => field !== 'code')])
        const reply = await newVisitor(world.origin).post({ ...form, fields })
        expect([400, 413]).toContain(reply.status)
        expect(reply.text).toContain('<h1>')
        expect(reply.setCookies).toEqual([])
      },
    ),
    { numRuns: 150 },
  )
  await expectNothingHappened(world, before)
})

test('whatever is posted with the right cookie but without the right state, the sign-in can still be finished', async () => {
  const visitor = newVisitor(world.origin)
  const form = await visitor.toCallback('/auth/login?returnTo=/kept')
  const before = await tracesOf(world)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(name, anyText(200)), { maxLength: 6 }), async (added) => {
      const reply = await visitor.post({ ...form, fields: new URLSearchParams(added) })
      expect(reply.status).toBe(400)
    }),
    { numRuns: 100 },
  )
  await expectNothingHappened(world, before)
  const reply = await visitor.post(form)
  expect([reply.status, reply.headers.get('location')]).toEqual([303, '/kept'])
})
