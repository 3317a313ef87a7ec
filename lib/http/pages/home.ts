/** The page at `/auth`: a way in, or who you are and how your sign-in was proven. */
import type { OwnPaths } from '../../config/urls.ts'
import type { ClientProof } from '../../credential/clientCredential.ts'
import type { ClientAuthentication } from '../../entra/clientAuthentication.ts'
import type { ShownApi } from '../apisOf.ts'
import { html } from '../html.ts'
import { apisSection } from './apisSection.ts'
import { type OwnSession, ownSessionsSection } from './ownSessionsSection.ts'
import { createPage, type Page } from './page.ts'
import { proofSection } from './proof.ts'
import { utcTime } from './utcTime.ts'

export interface SignedInView {
  readonly name: string
  readonly username: string
  readonly tenantId: string
  /** Milliseconds since the epoch. */
  readonly signedInAtMs: number
  /** When the session ends if it is not used again. Milliseconds since the epoch. */
  readonly endsAtMs: number
  /** What is left until then, and whatever happens. Milliseconds. */
  readonly leftMs: number
  readonly leftAtMostMs: number
  /** Application roles of the person. */
  readonly roles: readonly string[]
  readonly apis: readonly ShownApi[]
  readonly sessions: readonly OwnSession[]
  /** How many older ones there are besides. */
  readonly sessionsNotListed: number
  readonly proof: ClientProof
  /** What the access token says of the client; absent when the token is for an API that is not ours to read. */
  readonly clientAuthentication?: ClientAuthentication
  readonly isBound: boolean
  /** Where the browser is offered to bind the session: the icon that it loads then. */
  readonly iconPath?: string
  readonly paths: OwnPaths
  /** Entra's origin, where the sign-out form leads. */
  readonly entraOrigin: string
}

const PROOFS: Readonly<Record<ClientProof['method'], { lede: string; title: string; promise: string }>> = {
  vault: {
    lede: 'The app proves itself with a signature made in Azure Key Vault: it has no password, so there is none to steal.',
    title: 'Signed in the vault',
    promise: 'The private key never leaves Key Vault. It signs there, and nothing else.',
  },
  'managed-identity': {
    lede: 'The app proves itself with the identity that Azure gives it: it has no password and no key, so there is none to steal.',
    title: 'Vouched for by Azure',
    promise: 'The app holds no key. The platform vouches for it, for an hour or so at a time.',
  },
  tpm: {
    lede: 'The app proves itself with a signature made in a security chip of its machine: it has no password, so there is none to steal.',
    title: 'Signed in the chip',
    promise: 'The private key was made in the TPM and never leaves it. It signs there, and nothing else.',
  },
  pem: {
    lede: 'The app proves itself with a signature and no password. Its key is in a file, as is for development only.',
    title: 'Signed at a desk',
    promise: 'The private key is in a file beside the app. Where it matters, it is in a vault or a chip.',
  },
}

/** The page for somebody who is not signed in. */
export function welcomePage(method: ClientProof['method'], login: string): Page {
  const { lede, title, promise } = PROOFS[method]
  const main = html`<h1>Sign-in without secrets</h1>
<p class="lede">Signet signs you in with Microsoft Entra ID. ${lede}</p>
<p><a class="button" href="${login}">Sign in</a></p>
<ul class="promises" role="list">
<li><h2>${title}</h2><p>${promise}</p></li>
<li><h2>Tokens stay on the server</h2><p>Your browser keeps a cookie that means nothing elsewhere, and no token ever reaches it.</p></li>
<li><h2>Open to inspection</h2><p>Once you are signed in, see how the app was proven and which key signed.</p></li>
</ul>`
  return createPage({ title: 'Sign in', main })
}

const BOUND = 'Bound to this device: the session cookie opens nothing elsewhere.'

/** The page for somebody who is: the session, the way out, and the proof. */
export function signedInPage(view: SignedInView): Page {
  const { name, username, tenantId, roles, signedInAtMs, endsAtMs, leftMs, leftAtMostMs } = view
  const { isBound, iconPath, entraOrigin, paths } = view
  const main = html`<div class="person">
<h1>You are signed in</h1>
<form method="post" action="${paths.logout}"><button class="button quiet" type="submit">Sign out</button></form>
</div>
<dl class="facts">
<div><dt>Name</dt><dd>${name}</dd></div>
<div><dt>Username</dt><dd>${username}</dd></div>
<div><dt>Tenant</dt><dd><code>${tenantId}</code></dd></div>
<div><dt>Roles</dt><dd>${roles.length === 0 ? 'None' : roles.join(', ')}</dd></div>
<div><dt>Since</dt><dd>${utcTime(signedInAtMs)}</dd></div>
<div><dt>Until</dt><dd>${utcTime(endsAtMs)} without further use</dd></div>
<div><dt>Left</dt><dd>${duration(leftMs)} without further use, ${duration(leftAtMostMs)} at most</dd></div>
<div><dt>Device</dt><dd>${isBound ? BOUND : 'This session is not bound to a device.'}</dd></div>
</dl>
${apisSection(view.apis, paths.page)}
${ownSessionsSection(view.sessions, view.sessionsNotListed, paths.sessions)}
${proofSection(view.proof, view.clientAuthentication)}`
  const icon = iconPath === undefined ? {} : { iconPath }
  return createPage({ title: 'Signed in', main, formTarget: entraOrigin, ...icon })
}

/** In whole minutes that are left for certain: `59 minutes`, `7 hours 59 minutes`. */
function duration(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000))
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  const parts = [
    hours === 0 ? '' : count(hours, 'hour'),
    hours > 0 && rest === 0 ? '' : count(rest, 'minute'),
  ]
  return parts.filter((part) => part !== '').join(' ')
}

function count(amount: number, unit: string): string {
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`
}
