import type { AadstsError } from '../aadsts.ts'
import type { Exchange } from '../wire/exchange.ts'
import type { Reply } from '../wire/reply.ts'
import type { World } from '../world.ts'
import { html } from './html.ts'
import { page } from './page.ts'

/** Shown where there is nobody to send an error to: the client or its redirect URI is not known. */
export function errorPage(world: World, exchange: Exchange, error: AadstsError): Reply {
  return page({
    status: 400,
    title: 'Sign-in could not start',
    organisation: (exchange.tenant.tenant ?? world.tenants[0]).displayName,
    body: html`<h1>Sign-in could not start</h1>
<p class="lead">The application sent a request that cannot be answered.</p>
<p class="notice">AADSTS${error.code}: ${error.message}</p>
<dl><dt>Error</dt><dd>${error.error}</dd><dt>Trace</dt><dd>${exchange.trace.traceId}</dd><dt>Correlation</dt><dd>${exchange.trace.correlationId}</dd><dt>Time</dt><dd>${new Date(world.now()).toISOString()}</dd></dl>`,
  })
}
