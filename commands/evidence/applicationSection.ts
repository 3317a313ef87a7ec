/** One application on the page of evidence: its credentials at Entra, the policies on them, its keys in the vault, its token. */
import { type Html, html } from '../../lib/http/html.ts'
import type {
  ApplicationEvidence,
  CertificateEvidence,
  KeyEvidence,
  Part,
  VersionEvidence,
} from './evidence.ts'
import { localSection } from './localSection.ts'
import { fact, none, tableOf, time } from './pageParts.ts'

const SOURCES: Readonly<Record<ApplicationEvidence['sources'][number], string>> = {
  vault: 'a certificate in the vault',
  'managed-identity': 'the managed identity',
  tpm: 'a key in the TPM of the host',
  pem: 'a key in a file (development)',
}

export function applicationSection(application: ApplicationEvidence): Html {
  const { use, clientId, sources, registration, policies, certificate, local, token } = application
  return html`<section>
<h2>The ${use} application</h2>
<dl>${[
    fact('Client id', html`<code>${clientId}</code>`),
    fact('Proves itself by', html`${sources.map((kind) => SOURCES[kind]).join(', else ')}`),
    ...('known' in registration
      ? [
          fact('Object id', html`<code>${registration.known.objectId}</code>`),
          fact('Created', time(registration.known.createdAt)),
          fact('Deactivated', html`${registration.known.isDisabled ? 'yes' : 'no'}`),
        ]
      : []),
    fact(
      'Proof in a fresh token',
      'known' in token
        ? html`<code>${token.known.claim}</code> is ${token.known.value}`
        : html`${token.unknown}`,
    ),
  ]}</dl>
${'known' in registration ? credentials(registration.known) : none(registration.unknown)}
<h3>Policies on its credentials</h3>
${policiesTable(policies)}
${certificate === undefined ? undefined : html`<h3>Its keys, as the vault states them</h3>${vaultKeys(certificate)}`}
${local.map(localSection)}
</section>`
}

function credentials({
  passwords,
  certificates,
  federated,
}: Extract<ApplicationEvidence['registration'], { known: unknown }>['known']): Html {
  const hasNames = certificates.some(({ name }) => name !== undefined)
  return html`<h3>Client secrets</h3>
${tableOf(
  ['Key id', 'Name', 'Until'],
  passwords.map(({ keyId, name = '', endsAt }) => [html`<code>${keyId}</code>`, html`${name}`, time(endsAt)]),
)}
<h3>Certificates</h3>
${tableOf(
  ['Thumbprint (SHA-1)', ...(hasNames ? ['Name'] : []), 'From', 'Until'],
  certificates.map(({ thumbprint, name = '', startsAt, endsAt }) => [
    html`<code>${thumbprint ?? 'not told'}</code>`,
    ...(hasNames ? [html`${name}`] : []),
    time(startsAt),
    time(endsAt),
  ]),
)}
<h3>Federated credentials</h3>
${tableOf(
  ['Name', 'Issuer', 'Subject', 'Audience'],
  federated.map(({ name, issuer, subject, audiences }) => [
    html`${name}`,
    html`${issuer}`,
    html`<code>${subject}</code>`,
    html`${audiences.join(', ')}`,
  ]),
)}`
}

/** Of both, the one that counts first; what of them could not be read is said in its place. */
function policiesTable({ tenant, own }: ApplicationEvidence['policies']): Html {
  const rows = (
    [
      ['this application', own],
      ['the tenant', tenant],
    ] as const
  ).flatMap(([of, part]) => {
    if (!('known' in part)) return [[html`${of}`, html`${part.unknown}`, html``, html``, html``]]
    if (part.known === 'none') return [[html`${of}`, html`has none of its own`, html``, html``, html``]]
    const { isEnabled, restrictions } = part.known
    return (restrictions.length === 0 ? [undefined] : restrictions).map((restriction) => [
      html`${of}`,
      html`${restriction?.type ?? 'nothing of certificates'}${restriction?.exemptsCallers === true ? ', with exempt callers' : ''}`,
      html`${isEnabled && (restriction?.isInForce ?? true) ? 'yes' : 'no'}`,
      html`${restriction?.maxLifetime ?? ''}`,
      restriction?.fromCreation === undefined ? html`` : time(restriction.fromCreation),
    ])
  })
  return tableOf(['Policy of', 'Asks', 'In force', 'Longest life', 'For applications since'], rows)
}

function vaultKeys(certificate: Part<CertificateEvidence>): Html {
  if (!('known' in certificate)) return none(certificate.unknown)
  const { name, policyExportable, policyMonths, versions } = certificate.known
  const exportable =
    policyExportable === undefined
      ? ''
      : policyExportable
        ? '; keys to come could be exported'
        : '; keys to come cannot be exported'
  const months =
    policyMonths === undefined ? '' : `; made for ${policyMonths} ${policyMonths === 1 ? 'month' : 'months'}`
  return html`<p>Certificate <code>${name}</code>${months}${exportable}.</p>${versionsTable(versions)}`
}

/** Version above thumbprint: beside each other, neither would fit on paper in one piece. */
function versionsTable(versions: readonly VersionEvidence[]): Html {
  return tableOf(
    ['Version, and its thumbprint (SHA-1)', 'From', 'Until', 'Key'],
    versions.map(({ version, thumbprint, startsAt, endsAt, key, signs, isEnabled }) => [
      html`<code class="id">${version}</code>${signs ? html` (signs)` : undefined}${isEnabled ? undefined : html` (disabled)`}<br><code class="id">${thumbprint ?? 'not told'}</code>`,
      time(startsAt),
      time(endsAt),
      html`${keyText(key)}`,
    ]),
  )
}

function keyText(key: Part<KeyEvidence>): string {
  if ('unknown' in key) return key.unknown
  const { type, bits, operations, exportable } = key.known
  const size = bits === undefined ? '' : ` of ${bits} bits`
  return `${type}${size}, ${exportable ? 'exportable' : 'not exportable'}, for ${operations.join(' and ')}`
}
