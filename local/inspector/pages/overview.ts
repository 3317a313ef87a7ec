import { type Html, html } from '../../../lib/http/html.ts'
import { utcTime } from '../../../lib/http/pages/utcTime.ts'
import type { Reply } from '../../entra/wire/reply.ts'
import { stepOf } from '../signInSteps.ts'
import { summaryOf } from '../summary.ts'
import type { SignIn, Timeline } from '../timeline.ts'
import { INSPECTOR_PATH, inspectorPage, refreshLink } from './inspectorPage.ts'
import { answerOf } from './lanes.ts'

/** The last sign-ins, and what went on beside them. */
export function overview(
  { signIns, background }: Timeline,
  { appOrigin, loginUrl }: { readonly appOrigin: string; readonly loginUrl: string },
  isRefreshing: boolean,
): Reply {
  return inspectorPage({
    title: 'Sign-ins',
    isRefreshing,
    main: html`<h1>Watch a sign-in</h1>
<p class="lede">Every request of the last sign‑ins on this desk, claim by claim, with the section that asks for it.</p>
<p class="tools"><a href="${appOrigin}/">Open the app</a> ${refreshLink(INSPECTOR_PATH, isRefreshing)}</p>
${signIns.length === 0 ? nothingYet(loginUrl) : html`<ol class="signins" role="list">\n${signIns.map(item)}</ol>`}
${background.length === 0 ? undefined : besides(background)}`,
  })
}

function nothingYet(loginUrl: string): Html {
  return html`<p class="plate">Nobody has signed in yet. <a href="${loginUrl}">Sign in</a>, then look here again.</p>`
}

function item(signIn: SignIn): Html {
  const { headline, startedAtMs, requests, tookMs, outcome } = summaryOf(signIn)
  const took = tookMs === undefined ? '' : `, tokens after ${seconds(tookMs)}`
  return html`<li><a href="${INSPECTOR_PATH}/${signIn.id}"><b class="${outcome}">${MARKS[outcome]}${headline}</b><span class="when">${utcTime(startedAtMs)}</span><span>${requests} ${requests === 1 ? 'request' : 'requests'}${took}</span></a></li>
`
}

/** Told by more than a colour. */
const MARKS = { succeeded: '✓ ', failed: '✗ ', open: '' } as const

/** `0.25 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`
}

function besides(background: Timeline['background']): Html {
  const rows = background.map((happening) => {
    const step = stepOf(happening)
    const { title, atMs } = step
    return html`<div><dt>${new Date(atMs ?? 0).toISOString().slice(11, 19)}</dt><dd>${title} <span class="spec">${answerOf(step)}</span></dd></div>
`
  })
  return html`<section class="more"><h2>Beside them</h2>
<p>The latest requests that belong to no sign-in, such as a health check or an assertion renewed ahead.</p>
<dl class="facts">
${rows}</dl></section>`
}
