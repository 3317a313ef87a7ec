import type { Reply } from '../wire/reply.ts'
import { html } from './html.ts'
import { cspSource, page } from './page.ts'

/** Response parameters in the order they are sent. */
export type ResponseParameters = readonly (readonly [name: string, value: string])[]

/**
 * OAuth 2.0 Form Post Response Mode: a page that posts the response to the redirect URI by itself, or by a button where
 * scripts do not run.
 */
export function formPostPage(
  organisation: string,
  redirectUri: string,
  parameters: ResponseParameters,
): Reply {
  return page({
    title: 'Working…',
    organisation,
    // The app may send the browser back here for another try, and browsers hold a form's redirects to the policy too.
    formTargets: ["'self'", cspSource(redirectUri)],
    script: 'document.forms[0].submit()',
    body: html`<h1>Working…</h1>
<p class="lead">Taking you back to ${new URL(redirectUri).host}.</p>
<form method="post" action="${redirectUri}">
${parameters.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<noscript><p>Scripts are off, so this step needs a press.</p><button class="main">Continue</button></noscript>
</form>`,
  })
}
