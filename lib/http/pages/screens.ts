/** The five screens a person can meet instead of the page they wanted. Of the request only the way back appears in them. */
import type { AppError } from '../../errors/appError.ts'
import type { Screen } from '../../errors/row.ts'
import type { ErrorCode } from '../../errors/table.ts'
import { html } from '../html.ts'
import { createPage, type Page } from './page.ts'

interface Heading {
  readonly title: string
  /** Label of the way on. */
  readonly action: string
}

const HOME = { action: 'Go to the start page' }

const HEADINGS: Readonly<Record<Screen, Heading>> = {
  startAgain: { title: 'Let’s start again', action: 'Sign in' },
  busy: { title: 'One moment, please', action: 'Try again' },
  ourFault: { title: 'Something is wrong on our side', ...HOME },
  noAccess: { title: 'No access', action: 'Sign in as someone else' },
  cancelled: { title: 'Sign-in cancelled', action: 'Sign in' },
}

/** Faults that have little to do with signing in: to start again would be the wrong thing to offer. */
const HEADING_OF_CODE: Partial<Record<ErrorCode, Heading>> = {
  'entra/interaction_required': { title: 'One more step', action: 'Sign in' },
  'session/device_proof_required': { title: 'One moment, please', action: 'Sign in' },
  'session/device_required': { title: 'This browser cannot be used here', action: 'Sign in' },
  'device/registration_refused': { title: 'That did not work', ...HOME },
  'device/proof_refused': { title: 'That did not work', ...HOME },
  'session/not_found': { title: 'Session not found', ...HOME },
  'login/loop': { title: 'Going round in circles', action: 'Sign in' },
  'http/not_found': { title: 'Page not found', ...HOME },
  'http/method_not_allowed': { title: 'That does not work here', ...HOME },
  'http/body_too_large': { title: 'That was too large', ...HOME },
  'http/invalid_parameter': { title: 'That did not work', ...HOME },
  'http/length_required': { title: 'That did not work', ...HOME },
  'http/body_not_allowed': { title: 'That did not work', ...HOME },
  'api/refused_token': { title: 'Something is wrong on our side', ...HOME },
  'api/invalid_path': { title: 'That did not work', ...HOME },
  'frontend/invalid_path': { title: 'That did not work', ...HOME },
  'http/headers_too_large': { title: 'Too many cookies', ...HOME },
  'http/unsupported_media_type': { title: 'That did not work', ...HOME },
  'http/cross_site': { title: 'Request refused', ...HOME },
  'http/csrf_header_required': { title: 'That does not work here', ...HOME },
}

/** The way to where the person was. */
export interface WayBack {
  /** A path of this site. */
  readonly href: string
  readonly action: string
  /** Before the way on, which then is the second. */
  readonly isFirst: boolean
}

interface ScreenView {
  /** The way on, a path of this site. */
  readonly href: string
  /** For those who turned back or were not let through, whatever session their browser has. */
  readonly back?: WayBack | undefined
  readonly correlationId: string
  /** Where the operator would have people look for help; elsewhere, as a rule. */
  readonly help?: string | undefined
}

/**
 * The screen of a fault. The correlation id lets an operator find the log line, and the code the page of the error in docs/errors. It leads
 * to another place only where the operator named one: whoever reads a screen of somebody's app is not its operator. Of the fault itself only its code and the words of its row are shown, never its detail or cause.
 */
export function screenPage(error: AppError, { href, back, correlationId, help }: ScreenView): Page {
  const { screen } = error.row
  const { silent, reloadAfterSec } = error.context
  const { title, action } = HEADING_OF_CODE[error.code] ?? HEADINGS[screen]
  const whomToAsk =
    screen === 'ourFault'
      ? html`<p>If it happens again, give the correlation id below to whoever runs this service: it leads them to the cause.</p>\n`
      : undefined
  const ofHelp = help === undefined ? undefined : html`<p><a href="${help}">Get help with this</a></p>\n`
  const on = { href, action }
  const [first, second] = back?.isFirst ? [back, on] : [on, back]
  const ofSecond =
    second === undefined ? undefined : html`<p><a href="${second.href}">${second.action}</a></p>\n`
  const main = html`<h1>${title}</h1>
${told(error.userText, silent)}
${whomToAsk}<p><a class="button" href="${first.href}">${first.action}</a></p>
${ofSecond}${ofHelp}<dl class="reference">
<div><dt>Correlation id</dt><dd><code>${correlationId}</code></dd></div>
<div><dt>Code</dt><dd><code>${error.code}</code></dd></div>
</dl>`
  return createPage({ title, main, reloadAfterSec, tells: silent !== undefined })
}

/** Where a sign-in without a question ends. Where the window cannot close, for no script opened it, it goes on to where the person was going. */
export function signedInSilentlyPage(returnTo: string): Page {
  const title = 'You are signed in'
  const main = html`<h1>${title}</h1>
${told('Nothing was left to ask. You can close this window.', { outcome: 'signed-in' })}
<p><a class="button" href="${returnTo}">Continue</a></p>`
  return createPage({ title, main, tells: true })
}

/** The sentence of a page, and with it what its script tells. */
function told(sentence: string, silent: { readonly outcome: string; readonly code?: string } | undefined) {
  if (silent === undefined) return html`<p class="lede">${sentence}</p>`
  const { outcome, code = '' } = silent
  return html`<p class="lede" data-outcome="${outcome}" data-code="${code}">${sentence}</p>`
}

/** The page that an administrator comes to from consenting. Anybody can open it, so it tells what was done there and opens nothing. */
export function consentGivenPage(login: string): Page {
  const title = 'Consent was given'
  const main = html`<h1>${title}</h1>
<p class="lede">An administrator agreed that people of their organisation use this application. They can sign in now.</p>
<p><a class="button" href="${login}">Sign in</a></p>`
  return createPage({ title, main })
}

/** The page after sign-out. Anybody can open it, so it claims nothing of a session elsewhere. */
export function signedOutPage(login: string): Page {
  const title = 'You are signed out'
  const main = html`<h1>${title}</h1>
<p class="lede">Your session here has ended. On a shared computer, close the browser as well.</p>
<p><a class="button" href="${login}">Sign in</a></p>`
  return createPage({ title, main })
}
