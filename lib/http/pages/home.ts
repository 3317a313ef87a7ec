/** The page at `/`: a way in, or who you are and how your sign-in was proven. */
import type { ClientProof } from '../../credential/clientCredential.ts'
import type { ClientAuthentication } from '../../entra/clientAuthentication.ts'
import { html } from '../html.ts'
import { createPage, type Page } from './page.ts'

export interface SignedInView {
  readonly name: string
  readonly username: string
  readonly tenantId: string
  /** Milliseconds since the epoch. */
  readonly signedInAtMs: number
  readonly endsAtMs: number
  readonly proof: ClientProof
  /** What the access token says of the client; absent when the token is for an API that is not ours to read. */
  readonly clientAuthentication?: ClientAuthentication
  /** Entra's origin, where the sign-out form leads. */
  readonly entraOrigin: string
}

export function welcomePage(): Page {
  const main = html`<h1>Signet</h1><p><a class="button" href="/auth/login">Sign in</a></p>`
  return createPage({ title: 'Sign in', main })
}

export function signedInPage(view: SignedInView): Page {
  const main = html`<h1>${view.name}</h1>
<form method="post" action="/auth/logout"><button>Sign out</button></form>`
  return createPage({ title: view.name, main, formTarget: view.entraOrigin })
}
