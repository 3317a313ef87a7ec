/** How a sign-in was proven: who vouched for the app, what was said, and what Entra wrote down about it. */
import type { ClientProof } from '../../credential/clientCredential.ts'
import type { ClientAuthentication } from '../../entra/clientAuthentication.ts'
import { type Html, html } from '../html.ts'
import { claimFields, headerFields } from './assertionFields.ts'
import { recordedBy } from './recordedBy.ts'

interface Step {
  readonly title: string
  readonly content: Html
}

/** The heart of the signed-in page, in the order in which it happened. */
export function proofSection(
  proof: ClientProof,
  clientAuthentication: ClientAuthentication | undefined,
): Html {
  const steps = [
    ...vouching(proof),
    { title: 'Entra accepted it', content: recordedBy(clientAuthentication) },
  ]
  const items = steps.map(
    ({ title, content }) => html`<li><h3>${title}</h3>
${content}</li>
`,
  )
  return html`<section class="proof" aria-labelledby="proof">
<h2 id="proof">How this sign-in was proven</h2>
<p class="lede">${SUMMARIES[proof.method]}</p>
<p>Before Microsoft Entra ID hands over a sign-in, the app must prove that it is the app. Many apps send a password for that, their client secret. This one has none.</p>
<ol class="steps" role="list">
${items}</ol>
</section>`
}

const SUMMARIES: Readonly<Record<ClientProof['method'], string>> = {
  vault: 'By a signature made in Azure Key Vault, not by a password.',
  'managed-identity': 'By the app’s own identity in Azure, not by a password.',
  tpm: 'By a signature made in the security chip of a machine, not by a password.',
  pem: 'By a signature with a key in a file, for development, not by a password.',
}

/** Where the key is, in words: who signed, and how the app came by the signature. */
const KEEPERS: Readonly<
  Record<Exclude<ClientProof['method'], 'managed-identity'>, readonly [string, string]>
> = {
  vault: [
    'Key Vault signed',
    'The app holds no private key. It sent the vault a digest and got a signature back, made with this version of the key:',
  ],
  tpm: [
    'The TPM signed',
    'The private key was made in the security chip of the machine and cannot leave it. The chip got a digest and gave a signature back, made with this key:',
  ],
  pem: [
    'A key in a file signed',
    'This app runs at a desk, with a key in a file beside it. Anywhere else it would not start so.',
  ],
}

function vouching(proof: ClientProof): readonly Step[] {
  const { method } = proof
  if (method === 'managed-identity') return [MANAGED_IDENTITY_STEP]
  const { keyId, header, claims, certificate } = proof
  const [title, how] = KEEPERS[method]
  return [
    {
      title,
      content: html`<p>${how}</p>
${keyId === undefined ? undefined : keyFacts(keyId, certificate)}`,
    },
    {
      title: 'The app showed the assertion',
      content: html`<p>A client assertion is a short signed statement <span class="spec">(RFC 7523 §2.2)</span>. This is all of it but the signature, and without that it opens nothing.</p>
${header === undefined ? undefined : html`<h4>Header</h4>\n${headerFields(header)}`}
${claims === undefined ? undefined : html`<h4>Claims</h4>\n${claimFields(claims)}`}`,
    },
  ]
}

const MANAGED_IDENTITY_STEP: Step = {
  title: 'Azure vouched for the app',
  content: html`<p>This app has no key at all. Azure knows it by its managed identity, and a token of that identity served as the client assertion <span class="spec">(RFC 7521 §4.2)</span>. Entra trusts it as a federated credential of the app registration.</p>`,
}

/** A versioned key id, `https://{vault host}/keys/{name}/{version}`, in its parts; shown whole, with its certificate, if it is not one. */
function keyFacts(keyId: string, certificate: ClientProof['certificate']): Html {
  const url = URL.parse(keyId)
  const [, collection, name, version] = url?.pathname.split('/') ?? []
  if (url === null || collection !== 'keys' || name === undefined || version === undefined) {
    const serial = certificate === undefined ? [] : [['Certificate', certificate.version] as const]
    return facts([['Key', keyId], ...serial])
  }
  return facts([
    ['Vault', url.host],
    ['Key', name],
    ['Version', version],
  ])
}

function facts(entries: readonly (readonly [string, string])[]): Html {
  const rows = entries.map(
    ([term, value]) => html`<div><dt>${term}</dt><dd><code>${value}</code></dd></div>\n`,
  )
  return html`<dl class="facts plate">
${rows}</dl>`
}
