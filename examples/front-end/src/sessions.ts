import { fetch, signOut } from 'signet/client'
import { el, section } from './element.ts'
import { own } from './own.ts'
import { moment } from './time.ts'

interface OwnSession {
  readonly id: string
  readonly current: boolean
  readonly device: string
  readonly deviceBound: boolean
  readonly signedInAt: string
  readonly lastUsedAt: string
}

/** Where else the person is signed in; each of them can be ended. */
export function sessionsSection(): HTMLElement {
  const list = el('ul', { class: 'sessions', role: 'list', 'aria-busy': 'true' })
  const others = el(
    'button',
    { class: 'button quiet', type: 'button', hidden: true, click: () => end('others=true') },
    'End all others',
  )
  async function show(): Promise<void> {
    const answer = await fetch(own('/auth/sessions'))
    list.removeAttribute('aria-busy')
    if (!answer.ok) return list.replaceChildren(el('li', {}, 'The sessions cannot be read now.'))
    const { sessions } = (await answer.json()) as { sessions: OwnSession[] }
    const inOrder = sessions.toSorted((one, other) => Number(other.current) - Number(one.current))
    list.replaceChildren(...inOrder.map((one) => row(one, () => end(`id=${encodeURIComponent(one.id)}`))))
    others.hidden = sessions.length < 2
  }
  async function end(which: string): Promise<void> {
    await fetch(own(`/auth/sessions?${which}`), { method: 'DELETE' })
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
  await fetch(own('/auth/sessions?others=true'), { method: 'DELETE' })
  signOut()
}
