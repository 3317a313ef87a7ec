/** The APIs that the front end calls for the person, each with what it needs of them. */
import type { ShownApi } from '../apisOf.ts'
import { type Html, html } from '../html.ts'
import { comingBackTo } from '../signInLink.ts'

const STATES: Readonly<Record<ShownApi['state'], string>> = {
  ready: 'Ready',
  unknown: 'Its next call asks for access',
  consent: 'Needs your consent',
  role: 'Needs a role that you do not have',
}

/** Nothing where no API is configured; `ownPage` is where it stands. */
export function apisSection(apis: readonly ShownApi[], ownPage: string): Html | undefined {
  if (apis.length === 0) return undefined
  return html`<section class="part" aria-labelledby="apis">
<h2 id="apis">APIs</h2>
<p>What this site calls in your name.</p>
<ul class="rows" role="list">
${apis.map((api) => row(api, `${ownPage}#apis`))}</ul></section>`
}

function row({ name, state, loginUrl }: ShownApi, returnTo: string): Html {
  const way =
    loginUrl === undefined
      ? undefined
      : html`<a class="button quiet" href="${comingBackTo(loginUrl, returnTo)}">Continue<span class="unseen"> with ${name}</span></a>`
  return html`<li><div><b><code>${name}</code></b>
<p>${STATES[state]}</p></div>
${way}</li>
`
}
