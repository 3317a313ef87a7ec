import { type Html, html } from '../../../lib/http/html.ts'
import { utcTime } from '../../../lib/http/pages/utcTime.ts'
import type { Reply } from '../../entra/wire/reply.ts'
import { signInSteps } from '../signInSteps.ts'
import type { Field, FieldGroup, Step } from '../step.ts'
import { summaryOf } from '../summary.ts'
import type { SignIn } from '../timeline.ts'
import { INSPECTOR_PATH, inspectorPage, refreshLink } from './inspectorPage.ts'
import { answerOf, isAnswered, lanes, NAMES } from './lanes.ts'
import { seconds } from './overview.ts'

/** One sign-in as a sequence: at a glance, then step by step. */
export function story(signIn: SignIn, isRefreshing: boolean): Reply {
  const steps = signInSteps(signIn)
  const { headline, startedAtMs, requests, clientId, failed } = summaryOf(signIn)
  const items = steps.map((step, index) => stepItem(step, index, startedAtMs))
  return inspectorPage({
    title: headline,
    isRefreshing,
    main: html`<h1>${headline}</h1>
<p class="lede">${requests} ${requests === 1 ? 'request' : 'requests'} seen on this desk. The dashed ones, from browser to app, pass unseen and follow from the others; the dotted ones were turned away.</p>
<p class="tools"><a href="${INSPECTOR_PATH}">All sign-ins</a> ${refreshLink(`${INSPECTOR_PATH}/${signIn.id}`, isRefreshing)}</p>
<dl class="facts"><div><dt>Began</dt><dd>${utcTime(startedAtMs)}</dd></div><div><dt>App</dt><dd><code>${clientId}</code></dd></div></dl>
${failed ? html`<p class="verdict"><b>This sign-in failed.</b> ${failed}</p>` : undefined}
${lanes(steps)}
<ol class="steps" role="list">
${items}</ol>`,
  })
}

/** For an address that names no sign-in we know of. */
export function unknownSignIn(): Reply {
  return inspectorPage({
    status: 404,
    title: 'Unknown sign-in',
    main: html`<h1>No such sign-in</h1>
<p class="lede">Only the last ten are kept, and none outlives the desk.</p>
<p><a href="${INSPECTOR_PATH}">All sign-ins</a></p>`,
  })
}

function stepItem(step: Step, index: number, startedAtMs: number): Html {
  const { from, to, title, call, purpose, spec, groups } = step
  return html`<li id="step-${index + 1}"><h2>${title}</h2>
<p class="call"><span>${NAMES[from]} → ${NAMES[to]}</span>${outcome(step, startedAtMs)}<code>${breakable(call)}</code></p>
<p>${purpose}${spec === '' ? undefined : html` <span class="spec">(${spec})</span>`}</p>
${groups.map(groupList)}</li>
`
}

function outcome(step: Step, startedAtMs: number): Html {
  const { status, atMs } = step
  if (status === undefined || atMs === undefined) return html`<span>not seen by any stand-in</span>`
  const offset = atMs - startedAtMs
  const when = offset < 0 ? `${seconds(-offset)} before` : `after ${seconds(offset)}`
  return html`<span>${when}</span><span class="${isAnswered(step) ? 'status' : 'status bad'}">${answerOf(step)}</span>`
}

function groupList({ heading, fields }: FieldGroup): Html {
  return html`<h3>${heading}</h3>
<dl class="fields">
${fields.map(fieldRow)}</dl>
`
}

function fieldRow({ name, value, meaning, spec }: Field): Html {
  const shown =
    value === undefined
      ? html`<span class="withheld">present, never logged</span>`
      : html`<code>${breakable(value)}</code>`
  return html`<div><dt><code>${breakable(name, /(?<=_)/)}</code></dt>
<dd class="value">${shown}</dd>
<dd class="meaning">${meaning}</dd>
<dd class="spec">${spec}</dd></div>
`
}

/** Text that a narrow screen breaks there, URLs after a slash, rather than in the middle of a word. */
function breakable(text: string, at = /(?<=[^/:]\/)/): Html {
  const parts = text.split(at).map((part) => html`${part}<wbr>`)
  return html`${parts}`
}
