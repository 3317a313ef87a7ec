/** One application on the page of evidence: its credentials at Entra, the policies on them, its keys in the vault, its token. */
import { type Html, html } from '../../lib/http/html.ts'
import type { ApplicationEvidence, KeyEvidence, Part, PolicyEvidence, VersionEvidence } from './evidence.ts'
import { fact, none, tableOf, time } from './pageParts.ts'

export function applicationSection(application: ApplicationEvidence): Html {
  const { use, clientId, registration, policies, certificate, token } = application
  return html`<section>
<h2>The ${use} application</h2>
<dl>${[
    fact('Client id', html`<code>${clientId}</code>`),
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
${'known' in policies ? policiesTable(policies.known) : none(policies.unknown)}
<h3>Its keys, as the vault states them</h3>
${
  'known' in certificate
    ? html`<p>Certificate <code>${certificate.known.name}</code>${certificate.known.policyExportable === undefined ? '' : certificate.known.policyExportable ? '; keys to come could be exported' : '; keys to come cannot be exported'}.</p>${versionsTable(certificate.known.versions)}`
    : none(certificate.unknown)
}
</section>`
}

function credentials({
  passwords,
  certificates,
  federated,
}: Extract<ApplicationEvidence['registration'], { known: unknown }>['known']): Html {
  return html`<h3>Client secrets</h3>
${tableOf(
  ['Key id', 'Name', 'Until'],
  passwords.map(({ keyId, name = '', endsAt }) => [html`<code>${keyId}</code>`, html`${name}`, time(endsAt)]),
)}
<h3>Certificates</h3>
${tableOf(
  ['Thumbprint (SHA-1)', 'Name', 'From', 'Until'],
  certificates.map(({ thumbprint, name = '', startsAt, endsAt }) => [
    html`<code>${thumbprint ?? 'not told'}</code>`,
    html`${name}`,
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

function policiesTable(policies: readonly PolicyEvidence[]): Html {
  return tableOf(
    ['Policy of', 'Asks', 'In force', 'Longest life', 'For applications since'],
    policies.flatMap(({ of, isEnabled, restrictions }) =>
      (restrictions.length === 0 ? [undefined] : restrictions).map((restriction) => [
        html`${of}`,
        html`${restriction?.type ?? 'nothing of certificates'}`,
        html`${isEnabled && (restriction?.isInForce ?? true) ? 'yes' : 'no'}`,
        html`${restriction?.maxLifetime ?? ''}`,
        restriction?.fromCreation === undefined ? html`` : time(restriction.fromCreation),
      ]),
    ),
  )
}

function versionsTable(versions: readonly VersionEvidence[]): Html {
  return tableOf(
    ['Version', 'Thumbprint (SHA-1)', 'From', 'Until', 'Key'],
    versions.map(({ version, thumbprint, startsAt, endsAt, key, signs, isEnabled }) => [
      html`<code>${version}</code>${signs ? html` (signs)` : undefined}${isEnabled ? undefined : html` (disabled)`}`,
      html`<code>${thumbprint ?? 'not told'}</code>`,
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
