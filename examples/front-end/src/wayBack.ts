/**
 * Why the window went to sign-in, kept in the tab while it is away: the page that comes back is a new one, and the call that was pressed is
 * not made by itself. Whether anybody signed in meanwhile the session tells, for each sign-in begins a new one.
 */
import { on, type SignedIn } from 'signet-entra/client'

const AWAY = 'away'
const GREETINGS = {
  'step-up': 'You are back from sign-in. Press again what needed it.',
  'signed-out':
    'Your session had ended, and the call was not made. You are signed in again: press again what you need.',
} as const
const TURNED_BACK = 'You turned back, and the call was not made. You are still signed in as before.'

type Why = keyof typeof GREETINGS

let signedInAt = ''

on('session', (now) => {
  if (now.authenticated) signedInAt = now.signedInAt
})
on('step-up', () => keep('step-up'))
on('signed-out', ({ loginUrl }) => {
  if (loginUrl !== undefined) keep('signed-out')
})

/** What there is to say, once, to somebody whom a call sent to sign-in; undefined to whoever came by themselves. */
export function greeting(session: SignedIn): string | undefined {
  const kept = sessionStorage.getItem(AWAY)
  sessionStorage.removeItem(AWAY)
  if (kept === null) return undefined
  const { why, before } = JSON.parse(kept) as { readonly why: Why; readonly before: string }
  return session.signedInAt === before ? TURNED_BACK : GREETINGS[why]
}

function keep(why: Why): void {
  sessionStorage.setItem(AWAY, JSON.stringify({ why, before: signedInAt }))
}
