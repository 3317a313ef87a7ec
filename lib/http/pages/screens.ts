/** The five screens a person can meet instead of the page they wanted. Nothing of the request appears in them. */
import type { AppError, Screen } from '../../errors.ts'
import { html } from '../html.ts'
import { createPage, type Page } from './page.ts'

interface Heading {
  readonly title: string
  /** Label of the way on; none where trying again would not help. */
  readonly action?: string
}

const HEADINGS: Readonly<Record<Screen, Heading>> = {
  startAgain: { title: 'Let’s start again', action: 'Sign in' },
  busy: { title: 'One moment, please', action: 'Try again' },
  ourFault: { title: 'Something is wrong on our side' },
  noAccess: { title: 'No access', action: 'Sign in as someone else' },
  cancelled: { title: 'You are signed out', action: 'Sign in' },
}

/** The screen of a fault. `href` is the way on; the reference lets an operator find the log line. */
export function screenPage(error: AppError, href: string, correlationId: string): Page {
  const { screen, userText } = error.row
  const { title, action } = HEADINGS[screen]
  const main = html`<h1>${title}</h1>
<p>${userText}</p>
${action === undefined ? undefined : html`<p><a class="button" href="${href}">${action}</a></p>`}
<p class="reference">Reference <code>${correlationId}</code></p>`
  return createPage({ title, main })
}

/** The page after sign-out. */
export function signedOutPage(): Page {
  const title = HEADINGS.cancelled.title
  const main = html`<h1>${title}</h1>
<p>Your session has ended here and at your organisation.</p>
<p><a class="button" href="/auth/login">Sign in</a></p>`
  return createPage({ title, main })
}
