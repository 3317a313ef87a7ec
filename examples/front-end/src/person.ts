import { type SignedIn, signIn } from 'signet-entra/client'
import { el, facts, section } from './element.ts'
import { stay } from './notice.ts'
import { duration, moment } from './time.ts'

/** Who is signed in, and for how long. */
export function personSection(session: SignedIn): HTMLElement {
  const { user, roles, acrs, authTime, signedInAt } = session
  const name = user.name ?? user.username ?? user.objectId
  return section(
    'you',
    'You',
    facts([
      ['Name', name],
      ...(user.username === undefined ? [] : [['Account', user.username] as const]),
      ['Tenant', el('code', {}, user.tenantId)],
      ['Roles', roles.length === 0 ? 'none' : el('span', { class: 'tags' }, ...roles.map(tag))],
      [
        'Signed in',
        acrs.length === 0
          ? 'in the ordinary way'
          : el('span', { class: 'tags' }, 'with more than the ordinary ', ...acrs.map(tag)),
      ],
      ['Since', moment(authTime ?? signedInAt)],
      ['Ends', timeLeft(session)],
    ]),
    el(
      'p',
      { class: 'row' },
      el('button', { class: 'button quiet', type: 'button', click: stay }, 'Stay signed in'),
      el(
        'button',
        { class: 'button quiet', type: 'button', click: () => signIn({ prompt: 'select_account' }) },
        'Switch account',
      ),
      el(
        'button',
        { class: 'button quiet', type: 'button', click: () => signIn({ prompt: 'consent' }) },
        'Review consent',
      ),
    ),
  )
}

/** Counted from the seconds in the answer, for the clock of a browser may be wrong. */
function timeLeft({ idleSecondsLeft, secondsLeft }: SignedIn): HTMLElement {
  const answeredAt = performance.now()
  const text = el('span', {})
  const show = (): void => {
    const passed = (performance.now() - answeredAt) / 1_000
    text.textContent = `in ${duration(idleSecondsLeft - passed)} without use, in ${duration(secondsLeft - passed)} at the latest`
  }
  show()
  const timer = setInterval(() => (text.isConnected ? show() : clearInterval(timer)), 1_000)
  return text
}

function tag(text: string): HTMLElement {
  return el('span', { class: 'tag' }, text)
}
