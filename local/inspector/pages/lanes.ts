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

function isRefused({ status }: Step): boolean {
  return status !== undefined && !isAnswered(status)
}

function arrowClass({ from, to, status }: Step): string {
  const look = status === undefined ? ' implied' : isAnswered(status) ? '' : ' failed'
  return `arrow ${from}-${to}${look}`
}

/** Whether that status is of an answer which gave what was asked for. */
export function isAnswered(status: number): boolean {
  return status >= 200 && status < 400
}
