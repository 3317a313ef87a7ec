import type { AuthorizationRequest } from '../authorize/authorizationRequest.ts'
import type { Account } from '../directory/person.ts'
import type { Exchange } from '../wire/exchange.ts'
import type { Reply } from '../wire/reply.ts'
import type { World } from '../world.ts'
import { type Html, html } from './html.ts'
import { cspSource, page } from './page.ts'

type Choice = {
  readonly accounts: readonly Account[]
  readonly signedIn: readonly Account[]
  hinted(account: Account): boolean
}

/** Asks who signs in. One press each: the people first, then the refusals an application must be able to take. */
export function signInPage(
  world: World,
  exchange: Exchange,
  request: AuthorizationRequest,
  { accounts, signedIn, hinted }: Choice,
): Reply {
  const { client } = request
  const isStepUp = request.claims.authenticationContexts.length > 0
  const inOrder = [...accounts].sort((left, right) => Number(hinted(right)) - Number(hinted(left)))
  const people = inOrder.map((account) => {
    const hue = accounts.indexOf(account) % 5
    const isKnown = signedIn.some(({ oid, tid }) => oid === account.oid && tid === account.tid)
    return personButton(account, hue, {
      isHinted: hinted(account),
      isKnown,
      tag: tagOf(world, account, isKnown),
    })
  })
  return page({
    title: `Sign in to ${client.displayName}`,
    organisation: (exchange.tenant.tenant ?? world.tenants[0]).displayName,
    formTargets: ["'self'", cspSource(request.redirectUri)],
    body: html`<h1>Sign in to ${client.displayName}</h1>
<p class="lead">Choose a person. There are no passwords; nobody here is real.</p>
${isStepUp ? html`<p class="notice">The application asks for stronger authentication (${request.claims.authenticationContexts.join(', ')}). Choosing somebody counts as giving it.</p>` : undefined}
<form method="post" action="${signInPath(exchange)}">
<input type="hidden" name="flow" value="${exchange.entry.signIn}">
<ul class="people">${people}</ul>
<p class="rule">or send the application away</p>
<div class="actions">
<button name="refuse" value="cancel">Cancel</button>
<button name="refuse" value="consent">Needs consent</button>
<button name="refuse" value="blocked">Blocked</button>
</div>
</form>
<details><summary>What the application asks for</summary>
<dl><dt>Scopes</dt><dd>${request.scope}</dd><dt>Answer to</dt><dd>${request.redirectUri}</dd><dt>As</dt><dd>${request.responseMode}</dd><dt>Client id</dt><dd>${client.clientId}</dd></dl>
</details>
${watchLink(world, exchange)}`,
  })
}

/** To whoever shows what happens meanwhile, in a tab of its own. */
function watchLink({ watcher }: World, { entry }: Exchange): Html | undefined {
  if (watcher === undefined) return undefined
  const target = `${watcher.path}/${entry.signIn}`
  return html`<p class="small"><a href="${target}" target="_blank">Watch this sign-in, step by step</a></p>`
}

/** Where the look-alike's pages post: the authorization request stays in the query, to be checked again. */
export function signInPath(exchange: Exchange): string {
  const isPosted = exchange.entry.kind === 'authorize' && exchange.method === 'POST'
  return `/${exchange.tenant.segment}/login?${isPosted ? exchange.body : exchange.search}`
}

function personButton(
  account: Account,
  hue: number,
  look: { isHinted: boolean; isKnown: boolean; tag: Html | undefined },
): Html {
  const { person } = account
  const initials = `${person.givenName.slice(0, 1)}${person.familyName.slice(0, 1)}`
  const focus = look.isHinted ? html` class="hinted" autofocus` : undefined
  return html`<li><button name="person" value="${account.oid}"${focus}>
<span class="avatar hue${hue}" aria-hidden="true">${initials}</span>
<span class="who"><b>${person.name}</b><span>${person.preferredUsername}</span></span>
${look.tag}</button></li>`
}

function tagOf(world: World, account: Account, isKnown: boolean): Html | undefined {
  if (world.disabled.has(account.person.oid)) return html`<span class="tag warn">disabled</span>`
  if (account.person.policy === 'blocked') return html`<span class="tag warn">will be blocked</span>`
  if (account.person.policy === 'needs-admin-consent') {
    return html`<span class="tag warn">needs admin consent</span>`
  }
  if (isKnown) return html`<span class="tag">signed in</span>`
  if (!account.isGuest) return undefined
  const home = world.tenants.find(({ tenantId }) => tenantId === account.homeTenantId)
  return html`<span class="tag">guest from ${home?.displayName ?? 'elsewhere'}</span>`
}
