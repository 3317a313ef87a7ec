import { endSessions, type OwnSession, sessions, signOut } from 'signet-entra/client'
import { el, section } from './element.ts'
import { moment } from './time.ts'
import { told } from './told.ts'

/** Where else the person is signed in; each of them can be ended. */
export function sessionsSection(): HTMLElement {
  const list = el('ul', { class: 'sessions', role: 'list', 'aria-busy': 'true' })
  const others = el(
    'button',
    { class: 'button quiet', type: 'button', hidden: true, click: () => end({ others: true }) },
    'End all others',
  )
  async function show(): Promise<void> {
    const own = await sessions().catch(told)
    list.removeAttribute('aria-busy')
    if ('message' in own) return list.replaceChildren(el('li', {}, own.message))
    const inOrder = own.toSorted((one, other) => Number(other.current) - Number(one.current))
    list.replaceChildren(...inOrder.map((one) => row(one, () => end({ id: one.id }))))
    others.hidden = own.length < 2
  }
  async function end(which: Parameters<typeof endSessions>[0]): Promise<void> {
    // One that has ended already is no fault of the person's: the list shows what is left.
    await endSessions(which).catch(reportError)
    await show()
  }
  void show()
  return section(
    'sessions',
    'Your sessions',
    list,
    el(
      'p',
      { class: 'row' },
      others,
      el(
        'button',
        { class: 'button quiet', type: 'button', click: signOutEverywhere },
        'Sign out everywhere',
      ),
    ),
  )
}

function row(
  { current, device, deviceBound, signedInAt, lastUsedAt, id }: OwnSession,
  end: () => Promise<void>,
): HTMLElement {
  const title = `session-${id}`
  return el(
    'li',
    {},
    el(
      'div',
      { id: title },
      el('strong', {}, device.charAt(0).toUpperCase() + device.slice(1)),
      el(
        'p',
        { class: 'muted' },
        'Since ',
        moment(signedInAt),
        ', last used ',
        moment(lastUsedAt),
        deviceBound ? `, bound to ${current ? 'this' : 'its'} device` : '',
      ),
    ),
    current
      ? el('span', { class: 'tag ready' }, 'This one')
      : el('button', { class: 'button quiet', type: 'button', 'aria-describedby': title, click: end }, 'End'),
  )
}

/** First the others, then this one, here and at Entra. */
async function signOutEverywhere(): Promise<void> {
  await endSessions({ others: true }).catch(reportError)
  signOut()
}
