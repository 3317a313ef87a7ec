/**
 * GET /auth/icon: the icon of our own page, as a file. It is there for one thing that a `data:` URL cannot do: a browser that loads it of a
 * page which is signed in is offered to bind its session. It asks no table: only pages of sessions that are not bound yet refer to it.
 */
import { openTicket } from '../../session/ticket.ts'
import { SESSION_COOKIE } from '../cookies.ts'
import { offerOf } from '../deviceOffer.ts'
import { ICON } from '../pages/mark.ts'
import type { Handle } from '../route.ts'

export const icon: Handle = async (app, request) => {
  const ticket = openTicket(request.cookies.get(SESSION_COOKIE) ?? '')
  const mayBind = app.config.sessions.deviceBinding !== 'off'
  const offer = ticket === undefined ? {} : offerOf(app, request, { ticket, mayBind })
  return {
    status: 200,
    headers: { 'content-type': 'image/svg+xml', ...offer },
    body: { kind: 'bytes', bytes: Buffer.from(ICON) },
  }
}
