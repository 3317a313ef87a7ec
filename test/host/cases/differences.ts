import type { Expectation } from './case.ts'
import type { Sending } from './send.ts'

/** Where the local host, in streaming mode, knowingly answers otherwise than the real one. */
export type Difference = {
  readonly title: string
  readonly why: string
  readonly send: Sending
  readonly local: Expectation
  readonly real: Expectation
}

const json = ['Content-Type', 'application/json'] as const
const post = { method: 'POST', headers: [json] }

export const differences: readonly Difference[] = [
  {
    title: 'JSON that is not quite JSON',
    why: 'the real host reads bodies with a parser that forgives commas, quotes and comments; nobody should count on it',
    send: { ...post, path: '/echo/1', body: '{"other":"x",}' },
    local: { sees: { params: { id: '1' } } },
    real: { sees: { params: { id: '1', other: 'x' } } },
  },
  {
    title: 'dates and large numbers among the fields of a body',
    why: 'the real host parses them and spells them anew; they should not be in the route values to begin with',
    send: { ...post, path: '/echo/1', body: '{"when":"2020-01-01T00:00:00Z","large":12345678901234567890}' },
    local: { sees: { params: { id: '1', when: '2020-01-01T00:00:00Z', large: '12345678901234567000' } } },
    real: { sees: { params: { id: '1', when: '01/01/2020 00:00:00', large: '12345678901234567890' } } },
  },
  {
    title: 'a lone percent sign in a query',
    why: 'the proxy of the real host mends it on the way; no client that builds its URLs properly sends one',
    send: { path: '/echo?%' },
    local: { sees: { url: 'http://app.example/echo?%' } },
    real: { sees: { url: 'http://app.example/echo?%25' } },
  },
  {
    title: 'running a function that answers HTTP',
    why: 'the real host accepts and then fails out of sight; only timers can be run this way',
    send: { ...post, path: '/admin/functions/echo', body: '{}', withKey: true },
    local: { status: 404 },
    real: { status: 202 },
  },
]
