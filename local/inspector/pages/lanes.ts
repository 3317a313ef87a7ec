import { type Html, html } from '../../../lib/http/html.ts'
import { PARTIES, type Party, type Step } from '../step.ts'

/** What the parties are called on the page. */
export const NAMES: Readonly<Record<Party, string>> = {
  browser: 'Browser',
  app: 'App',
  entra: 'Entra',
  vault: 'Vault',
  identity: 'Identity',
  tables: 'Tables',
}

/** The sequence at a glance: a lane for each party, an arrow for each request, down the page as time goes on. */
export function lanes(steps: readonly Step[]): Html {
  const names = PARTIES.map((party) => html`<span>${NAMES[party]}</span>`)
  const rows = steps.map(
    (
      step,
      index,
    ) => html`<li class="step"><a href="#step-${index + 1}"><span class="lane" aria-hidden="true"><span class="${arrowClass(step)}"></span></span><span class="what"><span class="spec">${index + 1}</span><b>${step.title}${isRefused(step) ? html` <span class="bad">✗ turned away</span>` : undefined}</b></span></a></li>
`,
  )
  return html`<ol class="lanes" role="list">
<li class="parties" aria-hidden="true"><span class="lane">${names}</span><span></span></li>
${rows}</ol>`
}

function arrowClass(step: Step): string {
  const { from, to, status } = step
  const look = status === undefined ? ' implied' : isAnswered(step) ? '' : ' failed'
  return `arrow ${from}-${to}${look}`
}

function isRefused(step: Step): boolean {
  return step.status !== undefined && !isAnswered(step)
}

/** Whether that was an answer to what was asked: one from the table that there is no such row is, and the vault's that a token is wanted. */
export function isAnswered(step: Step): boolean {
  const { status = 0, isAsExpected } = step
  return (status >= 200 && status < 400) || isNothingThere(step) || isAsExpected === true
}

/** How it was answered, in a word or two. */
export function answerOf(step: Step): string {
  const { status = 0, isAsExpected } = step
  if (status === 0) return 'no answer'
  const told = isNothingThere(step) ? `${status}, nothing there` : String(status)
  if (isAsExpected) return `${told}, as expected`
  return isAnswered(step) ? told : `${status}, turned away`
}

/** The table's word for a row that does not exist. */
function isNothingThere({ to, status }: Step): boolean {
  return to === 'tables' && status === 404
}
