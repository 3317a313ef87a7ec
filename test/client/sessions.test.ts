import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { endSessions, sessions } from '../../client/sessions.ts'

const ORIGIN = 'https://app.example'
/** Answers as told, and `METHOD address x-csrf` of what was asked. */
function answering(answer: Response): string[] {
  const asked: string[] = []
  vi.stubGlobal('fetch', async ({ method, url, headers }: Request) => {
    asked.push(`${method} ${url} ${headers.get('x-csrf')}`)
    return answer
  })
  return asked
}

beforeEach(() => {
  const Plain = Request
  vi.stubGlobal('location', new URL(ORIGIN))
  vi.stubGlobal('document', { querySelector: () => ({ content: '/api' }) })
  // In Node there is no page that an address could be relative to.
  vi.stubGlobal(
    'Request',
    class extends Plain {
      constructor(input: string, init?: RequestInit) {
        super(new URL(input, ORIGIN), init)
      }
    },
  )
})
afterEach(() => void vi.unstubAllGlobals())

describe('one’s own sessions', () => {
  it('are listed below the mount path', async () => {
    const asked = answering(Response.json({ sessions: [{ id: 'a' }] }))

    expect(await sessions()).toEqual([{ id: 'a' }])
    expect(asked).toEqual([`GET ${ORIGIN}/api/auth/sessions 1`])
  })

  it.each([
    [{ id: 'a&others=b' }, 'id=a%26others%3Db'],
    [{ others: true }, 'others=true'],
  ] as const)('end by a script of ours, the one that is named or all others: %j', async (which, query) => {
    const asked = answering(Response.json({ ended: 2 }))

    expect(await endSessions(which)).toBe(2)
    expect(asked).toEqual([`DELETE ${ORIGIN}/api/auth/sessions?${query} 1`])
  })

  it('that cannot be read or ended are an Error with what Signet says', async () => {
    const cause = { code: 'session/not_found', message: 'This session has ended already.' }
    answering(Response.json(cause, { status: 404 }))
    await expect(endSessions({ id: 'a' })).rejects.toMatchObject({ message: cause.message, cause })
    answering(new Response('no', { status: 503 }))
    await expect(sessions()).rejects.toThrow('No answer of Signet')
  })
})
