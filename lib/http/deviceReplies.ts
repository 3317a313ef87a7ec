/** What a browser is answered that binds a session or renews its binding. */
import type { App } from '../app.ts'
import { refreshChallenge } from '../device/challenge.ts'
import { challengeHeader, sessionInstructions } from '../device/instructions.ts'
import type { Binding } from '../session/binding.ts'
import type { Ticket } from '../session/ticket.ts'
import { DEVICE_COOKIE, DEVICE_COOKIE_ATTRIBUTES, deviceCookie } from './cookies.ts'
import { json, type Reply } from './reply.ts'

/** To a proof that is good: the next cookie, the next challenge and the instructions. */
export function grantedReply(app: App, ticket: Ticket, binding: Binding, cookie: string): Reply {
  const { origin, basePath } = app.config.app
  const instructions = sessionInstructions(ticket.id, {
    origin,
    basePath,
    cookie: { name: DEVICE_COOKIE, attributes: DEVICE_COOKIE_ATTRIBUTES },
  })
  return {
    ...json(200, instructions, [deviceCookie(cookie)]),
    headers: nextChallenge(app, ticket, binding),
  }
}

/** Where a proof is still to come. The browser answers at once; for a fault it would take no other status. */
export function challengeReply(app: App, ticket: Ticket, binding: Binding, why: 'unasked' | 'stale'): Reply {
  return { status: 403, headers: nextChallenge(app, ticket, binding), outcome: `device/challenge_${why}` }
}

function nextChallenge({ effects }: App, ticket: Ticket, binding: Binding) {
  const challenge = refreshChallenge(binding, effects.now(), effects.random)
  return { 'secure-session-challenge': challengeHeader(challenge, ticket.id) }
}
