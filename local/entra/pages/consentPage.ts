import type { AuthorizationRequest } from '../authorize/authorizationRequest.ts'
import type { Account } from '../directory/person.ts'
import { formatScope } from '../directory/scopes.ts'
import type { Exchange } from '../wire/exchange.ts'
import type { Reply } from '../wire/reply.ts'
import type { World } from '../world.ts'
import { html } from './html.ts'
import { cspSource, page } from './page.ts'
import { signInPath } from './signInPage.ts'

/** Asks one person to agree to what the application wants. */
export function consentPage(
  world: World,
  exchange: Exchange,
  request: AuthorizationRequest,
  account: Account,
): Reply {
  const { client, scopes } = request
  const wanted = scopes.resources.flatMap(({ resource, permissions }) =>
    permissions.map((permission) => formatScope(resource, permission)),
  )
  return page({
    title: `${client.displayName} asks for permission`,
    organisation: (exchange.tenant.tenant ?? world.tenants[0]).displayName,
    formTargets: ["'self'", cspSource(request.redirectUri)],
    body: html`<h1>${client.displayName} asks for permission</h1>
<p class="lead">Signed in as ${account.person.name}. The application would like to use, in your name:</p>
<ul class="permissions">${[...scopes.openId, ...wanted].map((scope) => html`<li>${scope}</li>`)}</ul>
<form method="post" action="${signInPath(exchange)}">
<input type="hidden" name="flow" value="${exchange.entry.signIn}">
<input type="hidden" name="person" value="${account.oid}">
<div class="actions">
<button name="refuse" value="cancel">Cancel</button>
<button class="main" name="consent" value="accept">Accept</button>
</div>
</form>`,
  })
}
