import { AadstsError } from '../aadsts.ts'
import { type Exchange, note } from '../wire/exchange.ts'
import type { Reply } from '../wire/reply.ts'
import type { World } from '../world.ts'
import { html } from './html.ts'
import { page } from './page.ts'

/** Shown where there is nobody to send an error to: the client or its redirect URI is not known. */
export function errorPage(world: World, exchange: Exchange, error: AadstsError): Reply {
  return refusalPage(world, exchange, error, {
    title: 'Sign-in could not start',
    lead: 'The application sent a request that cannot be answered.',
  })
}

/** Shown to a person whose account is disabled: the application hears nothing of it. */
export function disabledPage(world: World, exchange: Exchange): Reply {
  const error = new AadstsError(50057)
  note(exchange, { outcome: 'error page', error: error.error, code: error.code, reason: error.message })
  return refusalPage(world, exchange, error, {
    title: 'Your account is disabled',
    lead: 'Ask whoever looks after accounts in your organisation.',
  })
}

function refusalPage(
  world: World,
  exchange: Exchange,
  error: AadstsError,
  { title, lead }: { readonly title: string; readonly lead: string },
): Reply {
  return page({
    status: 400,
    title,
    organisation: (exchange.tenant.tenant ?? world.tenants[0]).displayName,
    body: html`<h1>${title}</h1>
<p class="lead">${lead}</p>
<p class="notice">AADSTS${error.code}: ${error.message}</p>
<dl><dt>Error</dt><dd>${error.error}</dd><dt>Trace</dt><dd>${exchange.trace.traceId}</dd><dt>Correlation</dt><dd>${exchange.trace.correlationId}</dd><dt>Time</dt><dd>${new Date(world.now()).toISOString()}</dd></dl>`,
  })
}
