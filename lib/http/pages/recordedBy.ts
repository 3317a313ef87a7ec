/** What the access token says of how the app proved itself, in words; or why there is nothing to say. */
import type { ClientAuthentication } from '../../entra/clientAuthentication.ts'
import { type Html, html } from '../html.ts'

/**
 * Microsoft documents the three values for a public client, a client secret and a client certificate. That a federated credential
 * shows as `2` as well is observed, not documented: the text therefore claims no more for `2` than that it excludes a secret.
 */
const MEANINGS: ReadonlyMap<string, { readonly label: string; readonly text: string }> = new Map([
  [
    '0',
    {
      label: 'no proof',
      text: '0 stands for a public client, which proves nothing. This app never signs in so: please tell whoever runs it.',
    },
  ],
  [
    '1',
    {
      label: 'client secret',
      text: '1 stands for a client secret. This app has none: please tell whoever runs it.',
    },
  ],
  [
    '2',
    {
      label: 'certificate or federated credential',
      text: '2 is documented as a client certificate; in practice a federated credential shows as 2 as well. A client secret would be 1, no proof at all 0. So 2 says that no secret was used, though not which key was.',
    },
  ],
])

const UNKNOWN = { label: 'unknown', text: 'This value is not among those that Microsoft documents.' }

/** The last step of the proof; for `undefined`, the token is not ours to read and the text says so. */
export function recordedBy(clientAuthentication: ClientAuthentication | undefined): Html {
  const checked =
    'Entra checked the proof, then issued your ID token; the app checked that token’s signature in turn.'
  if (clientAuthentication === undefined) {
    return html`<p>${checked} The access token that came with it is meant for another API. What Entra noted there of the app’s proof (<code>azpacr</code> or <code>appidacr</code>) is for that API to read, so it is not shown here.</p>`
  }
  const { claim, value } = clientAuthentication
  const { label, text } = MEANINGS.get(value) ?? UNKNOWN
  return html`<p>${checked} In the access token it noted how the app had proven itself:</p>
<dl class="facts plate"><div><dt><code>${claim}</code></dt><dd><code>${value}</code> (${label})</dd></div></dl>
<p>${text} <span class="spec">${VERSIONS[claim]}</span></p>`
}

const VERSIONS: Readonly<Record<ClientAuthentication['claim'], string>> = {
  azpacr: 'Access token, version 2.0',
  appidacr: 'Access token, version 1.0',
}
