/** The page at `/`: a way in, or who you are and how your sign-in was proven. */
import type { ClientProof } from '../../credential/clientCredential.ts'
import type { ClientAuthentication } from '../../entra/clientAuthentication.ts'
import { html } from '../html.ts'
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
  readonly proof: ClientProof
  /** What the access token says of the client; absent when the token is for an API that is not ours to read. */
  readonly clientAuthentication?: ClientAuthentication
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
}

/** The page for somebody who is not signed in. */
export function welcomePage(method: ClientProof['method']): Page {
  const { lede, title, promise } = PROOFS[method]
  const main = html`<h1>Sign-in without secrets</h1>
<p class="lede">Signet signs you in with Microsoft Entra ID. ${lede}</p>
<p><a class="button" href="/auth/login">Sign in</a></p>
<ul class="promises" role="list">
<li><h2>${title}</h2><p>${promise}</p></li>
<li><h2>Tokens stay on the server</h2><p>Your browser keeps a cookie that means nothing elsewhere, and no token ever reaches it.</p></li>
<li><h2>Open to inspection</h2><p>Once you are signed in, see how the app was proven and which key signed.</p></li>
</ul>`
  return createPage({ title: 'Sign in', main })
}

/** The page for somebody who is: the session, the way out, and the proof. */
export function signedInPage(view: SignedInView): Page {
  const { name, username, tenantId, signedInAtMs, endsAtMs, entraOrigin } = view
  const main = html`<div class="person">
<h1>You are signed in</h1>
<form method="post" action="/auth/logout"><button class="button quiet" type="submit">Sign out</button></form>
</div>
<dl class="facts">
<div><dt>Name</dt><dd>${name}</dd></div>
<div><dt>Username</dt><dd>${username}</dd></div>
<div><dt>Tenant</dt><dd><code>${tenantId}</code></dd></div>
<div><dt>Since</dt><dd>${utcTime(signedInAtMs)}</dd></div>
<div><dt>Until</dt><dd>${utcTime(endsAtMs)} without further use</dd></div>
</dl>
${proofSection(view.proof, view.clientAuthentication)}`
  return createPage({ title: 'Signed in', main, formTarget: entraOrigin })
}
