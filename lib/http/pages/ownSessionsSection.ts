/** A person's own sessions on the page: what kind of device, since when, last use, and a button for each that is not this one. */
import { type Html, html } from '../html.ts'
import { utcTime } from './utcTime.ts'

/** Where on the page they are. */
export const SESSIONS_PLACE = 'sessions'

export interface OwnSession {
  readonly id: string
  /** A plain word for the kind of device. */
  readonly device: string
  /** Milliseconds since the epoch. */
  readonly signedInAtMs: number
  readonly usedAtMs: number
  /** Whether it is the one that the page is shown in. */
  readonly isCurrent: boolean
  readonly isBound: boolean
}

/** This one first, then those used last, and how many older ones there are besides; `action` is where their forms lead. */
export function ownSessionsSection(sessions: readonly OwnSession[], notListed: number, action: string): Html {
  const inOrder = sessions.toSorted(
    (one, other) => Number(other.isCurrent) - Number(one.isCurrent) || other.usedAtMs - one.usedAtMs,
  )
  const others = sessions.filter(({ isCurrent }) => !isCurrent).length + notListed
  return html`<section class="part" aria-labelledby="${SESSIONS_PLACE}">
<h2 id="${SESSIONS_PLACE}">Your sessions</h2>
<p>${others === 0 ? 'You are signed in nowhere else.' : 'Where you are signed in to this site. End any that you do not recognise. That ends it here and not at Microsoft: a browser that is still signed in there is back at its next click, until “Sign out everywhere” in your Microsoft account, or an administrator, ends that as well.'}</p>
<ul class="rows" role="list">
${inOrder.map((one) => row(one, action))}</ul>
${notListed === 0 ? undefined : older(notListed)}${others === 0 ? undefined : endAllOthers(action)}</section>`
}

function older(notListed: number): Html {
  return html`<p>${notListed} older ${notListed === 1 ? 'one is' : 'ones are'} not shown here. “End all others” ends them too.</p>
`
}

function endAllOthers(action: string): Html {
  return html`<form method="post" action="${action}"><button class="button quiet" name="others" value="true">End all others</button></form>
`
}

function row({ id, device, signedInAtMs, usedAtMs, isCurrent, isBound }: OwnSession, action: string): Html {
  const end = isCurrent
    ? html`<span class="tag">This one</span>`
    : html`<form method="post" action="${action}"><input type="hidden" name="id" value="${id}"><button class="button quiet" aria-describedby="session-${id}">End</button></form>`
  return html`<li><div id="session-${id}"><b>${capitalized(device)}</b>
<p>Since ${utcTime(signedInAtMs)}, last used ${utcTime(usedAtMs)}${isBound ? ', bound to its device' : ''}</p></div>
${end}</li>
`
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
