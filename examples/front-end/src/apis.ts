import { on, type SignedIn } from 'signet-entra/client'
import { type AnswerPanel, answerPanel } from './answer.ts'
import { el, section } from './element.ts'
import { own } from './own.ts'

type Api = SignedIn['apis'][number]

const STATES = {
  ready: 'ready',
  unknown: 'not called yet',
  consent: 'needs your consent',
  role: 'needs a role that you lack',
} as const

/** What each API can be asked. Those on Signet's desk misbehave by path, so that every outcome can be seen. */
const CALLS: ReadonlyMap<string, readonly (readonly [label: string, path: string])[]> = new Map([
  [
    'orders',
    [
      ['List orders', '/list'],
      ['Needs a step-up', '/challenge/c1'],
      ['Is slow', '/slow/2000'],
      ['Fails', '/fail/500'],
    ],
  ],
  [
    'reports',
    [
      ['Read the report', '/today'],
      ['Is slow', '/slow/2000'],
    ],
  ],
])

/** Kept in the tab while the window is at sign-in. */
const DRAFT = 'draft'
const IS_STEPPING_UP = 'stepping-up'

/** Calls of the APIs, an order to place, and the last answer with the time it took. */
export function apisSection({ apis }: SignedIn): HTMLElement {
  const isBack = sessionStorage.getItem(IS_STEPPING_UP) !== null
  sessionStorage.removeItem(IS_STEPPING_UP)
  const answer = answerPanel(
    isBack ? 'You are back from sign-in. Press again what needed it.' : 'The answer of a call stands here.',
  )
  return section(
    'apis',
    'Call an API',
    el('p', { class: 'muted' }, 'The page calls Signet, and Signet calls the API as you.'),
    apis.length === 0 && el('p', {}, 'No API is configured: DOWNSTREAM_APIS names none.'),
    apis.map((api) => apiRow(api, answer)),
    apis.some(({ name }) => name === 'orders') && orderForm(answer),
    answer.element,
  )
}

function apiRow({ name, state, loginUrl }: Api, answer: AnswerPanel): HTMLElement {
  const tag = el('span', { class: `tag ${state}` }, STATES[state])
  const call = async (path: string): Promise<void> => {
    if (!(await answer.call('GET', own(`/api/${name}${path}`)))) return
    tag.className = 'tag ready'
    tag.textContent = STATES.ready
  }
  const buttons = (CALLS.get(name) ?? [['Call', ''] as const]).map(([label, path]) =>
    el(
      'button',
      { class: 'button quiet', type: 'button', 'aria-label': `${label}: ${name}`, click: () => call(path) },
      label,
    ),
  )
  const consent =
    loginUrl !== undefined &&
    el(
      'a',
      { class: 'button', href: `${loginUrl}&returnTo=${encodeURIComponent(location.pathname)}` },
      'Give consent',
    )
  return el(
    'div',
    { class: 'api' },
    el('h3', {}, name, ' ', tag),
    el('p', { class: 'row' }, consent, buttons),
  )
}

/** A form whose draft outlives a step-up: it is stored as it is typed, and taken up when the page is back. */
function orderForm(answer: AnswerPanel): HTMLElement {
  const item = el('input', { id: 'item', required: true, maxlength: '80', autocomplete: 'off' })
  item.value = sessionStorage.getItem(DRAFT) ?? ''
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (!(await answer.call('POST', own('/api/orders/challenge/c1'), { item: item.value }))) return
    sessionStorage.removeItem(DRAFT)
    item.value = ''
  }
  return el(
    'form',
    { class: 'order', submit, input: () => sessionStorage.setItem(DRAFT, item.value) },
    el('label', { for: 'item' }, 'Place an order, which needs a step-up'),
    el('div', { class: 'row' }, item, el('button', { class: 'button', type: 'submit' }, 'Order')),
  )
}

/** Before the window goes, what it will have to know when it is back. */
on('step-up', () => sessionStorage.setItem(IS_STEPPING_UP, ''))
