import { on, type SignedIn, session } from 'signet-entra/client'
import { type AnswerPanel, answerPanel } from './answer.ts'
import { el, section } from './element.ts'
import { own } from './own.ts'
import { comingBack } from './told.ts'
import { greeting } from './wayBack.ts'

type Api = SignedIn['apis'][number]

const STATES = {
  ready: 'ready',
  unknown: 'its next call asks for access',
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

/** Takes up what is known of the APIs now; of the section that is shown. */
let redraw: (apis: readonly Api[]) => void = () => {}

on('session', (now) => {
  if (now.authenticated) redraw(now.apis)
})

/** Calls of the APIs, an order to place, and the last answer with the time it took. */
export function apisSection(signedIn: SignedIn): HTMLElement {
  const { apis } = signedIn
  const answer = answerPanel(greeting(signedIn) ?? 'The answer of a call stands here.')
  const rows = new Map(apis.map((api) => [api.name, apiRow(api, answer)]))
  redraw = (now) => {
    for (const api of now) rows.get(api.name)?.show(api)
  }
  return section(
    'apis',
    'Call an API',
    el('p', { class: 'muted' }, 'The page calls Signet, and Signet calls the API as you.'),
    apis.length === 0 && el('p', {}, 'No API is configured: DOWNSTREAM_APIS names none.'),
    [...rows.values()].map(({ element }) => element),
    rows.has('orders') && orderForm(answer, rows.get('orders')?.isReady),
    answer.element,
  )
}

interface ApiRow {
  readonly element: HTMLElement
  show(api: Pick<Api, 'state' | 'loginUrl'>): void
  isReady(): boolean
}

function apiRow({ name, state, loginUrl }: Api, answer: AnswerPanel): ApiRow {
  const tag = el('span', {})
  const consent = el('span', {})
  const row: ApiRow = {
    element: el('div', { class: 'api' }, el('h3', {}, name, ' ', tag), el('p', { class: 'row' }, consent)),
    show(now) {
      tag.className = `tag ${now.state}`
      tag.textContent = STATES[now.state]
      consent.hidden = now.loginUrl === undefined
      consent.replaceChildren(
        ...(now.loginUrl === undefined
          ? []
          : [el('a', { class: 'button', href: comingBack(now.loginUrl) }, 'Give consent')]),
      )
    },
    isReady: () => tag.textContent === STATES.ready,
  }
  const buttons = (CALLS.get(name) ?? [['Call', ''] as const]).map(([label, path]) =>
    el(
      'button',
      {
        class: 'button quiet',
        type: 'button',
        'aria-label': `${label}: ${name}`,
        click: () => callAndLook(answer, row.isReady, 'GET', own(`/api/${name}${path}`)),
      },
      label,
    ),
  )
  consent.after(...buttons)
  row.show(loginUrl === undefined ? { state } : { state, loginUrl })
  return row
}

/** Whether an API is ready now, Signet knows: also a refused call may have got its token. */
async function callAndLook(
  answer: AnswerPanel,
  isReady: () => boolean,
  ...asked: Parameters<AnswerPanel['call']>
): Promise<boolean> {
  const isDone = await answer.call(...asked)
  // A look that fails leaves what was known.
  if (!isReady()) await session().catch(() => {})
  return isDone
}

/** A form whose draft outlives a step-up: it is stored as it is typed, and taken up when the page is back. */
function orderForm(answer: AnswerPanel, isReady: () => boolean = () => true): HTMLElement {
  const item = el('input', { id: 'item', required: true, maxlength: '80', autocomplete: 'off' })
  item.value = sessionStorage.getItem(DRAFT) ?? ''
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const asked = ['POST', own('/api/orders/challenge/c1'), { item: item.value }] as const
    if (!(await callAndLook(answer, isReady, ...asked))) return
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
