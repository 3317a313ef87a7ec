import { afterEach, describe, expect, it, vi } from 'vitest'
import { provenFetch } from '../../client/provenFetch.ts'

const proofRequired = (): Response =>
  Response.json({ code: 'session/device_proof_required', loginUrl: '/auth/login' }, { status: 401 })

/** Answers in turn, and the bodies that were sent. */
function answering(...answers: Response[]): string[] {
  const sent: string[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    sent.push(`${request.method} ${await request.text()}`)
    return answers.shift() ?? expect.fail('one request more than told')
  })
  return sent
}
const post = (): Request => new Request('https://app.example/api/orders', { method: 'POST', body: 'order' })
afterEach(() => void vi.unstubAllGlobals())

describe('a request of a bound session', () => {
  it('is sent once more, whole, where the bound cookie did not come along', async () => {
    const sent = answering(proofRequired(), new Response('done'))

    expect(await (await provenFetch(post())).text()).toBe('done')
    expect(sent).toEqual(['POST order', 'POST order'])
  })

  it('is sent no third time', async () => {
    const sent = answering(proofRequired(), proofRequired())

    expect((await provenFetch(post())).status).toBe(401)
    expect(sent).toHaveLength(2)
  })

  it.each([
    ['another 401', Response.json({ code: 'session/required' }, { status: 401 })],
    ['a 401 that is no JSON', new Response('no', { status: 401 })],
    ['an answer', new Response('done')],
    ['the same words with another status', Response.json({ code: 'session/device_proof_required' })],
  ])('is not sent again after %s', async (_what, answer) => {
    const sent = answering(answer)

    expect(await provenFetch(post())).toBe(answer)
    expect(sent).toHaveLength(1)
  })
})
