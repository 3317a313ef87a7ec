/** The evidence as one page that needs nothing else: no script, no request, the same bytes for the same evidence. */
import { type Html, html, Html as Markup } from '../../lib/http/html.ts'
import { applicationSection } from './applicationSection.ts'
import type { Evidence, Part } from './evidence.ts'
import { fact, none, tableOf, time } from './pageParts.ts'
import { PAGE_STYLE } from './pageStyle.ts'
import { type Statement, statements } from './statements.ts'
import { gaps } from './unchecked.ts'

const CLASSES: Readonly<Record<Statement['verdict'], string>> = {
  holds: 'holds',
  'does not hold': 'fails',
  'not checked': 'open',
}

export function evidencePage(evidence: Evidence): string {
  const { deployment, gatheredAt, gatheredBy, applications } = evidence
  const tenants = deployment.tenants.map((tenant) => html`<code>${tenant}</code> `)
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Evidence: sign-in without secrets</title>
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body>
<header>
<h1>Sign-in without secrets: the evidence</h1>
<p>${deployment.publicUrl}, looked at ${time(gatheredAt)} by ${gatheredBy === 'the app' ? 'the app’s own identity' : 'a person signed in to the Azure tools'}.</p>
</header>
<main>
<section>
<h2>What it comes to</h2>
<ul class="statements">${statements(evidence).map(statementItem)}</ul>
</section>
<section>
<h2>The deployment</h2>
<dl>${[
    fact('Address', html`${deployment.publicUrl}`),
    fact('Tenants', html`${tenants}`),
    fact('Signs in at', html`${deployment.signInHost}`),
    fact('Vault', html`${deployment.vault}`),
    fact(
      'The app’s identity',
      deployment.identity ? html`<code>${deployment.identity}</code>` : html`not told`,
    ),
  ]}</dl>
</section>
${applications.map(applicationSection)}
<section>
<h2>The vault</h2>
${shown(
  evidence.vault,
  (vault) =>
    html`<dl>${[
      fact('Kind', html`${vault.sku}`),
      fact('Access', html`${vault.usesRoles ? 'by roles' : 'by access policies'}`),
      fact(
        'Deleted items',
        html`${vault.purgeProtection ? 'cannot be purged' : 'can be purged'}${vault.recoverableDays === undefined ? '' : `, kept for ${vault.recoverableDays} days`}`,
      ),
      fact('Public network', html`${vault.publicNetwork}`),
      fact('Token binding', html`${vault.tokenBinding}`),
    ]}</dl>`,
)}
<h3>Who has which role on it</h3>
${shown(evidence.roles, (roles) =>
  tableOf(
    ['Principal', 'Kind', 'Role', 'On'],
    roles.map(({ principal, principalType, role, scope }) => [
      html`<code>${principal}</code>${principal === deployment.identity ? html` (the app)` : undefined}`,
      html`${principalType}`,
      html`${role}`,
      html`${scope}`,
    ]),
  ),
)}
<h3>Who had it sign, in the last thirty days</h3>
${shown(evidence.signatures, (signatures) =>
  tableOf(
    ['Caller', 'Key', 'From', 'Answer', 'Signatures', 'Last'],
    signatures.map(({ caller, key, address, result, signatures: count, lastAt }) => [
      html`<code>${caller}</code>${caller === deployment.identity ? html` (the app)` : undefined}`,
      html`<code>${key}</code>`,
      html`${address}`,
      html`${result}`,
      html`${count}`,
      time(lastAt),
    ]),
  ),
)}
</section>
<section>
<h2>What could not be checked</h2>
<p>What stands here is neither good nor bad news: nobody looked, or nobody could.</p>
${tableOf(
  ['What', 'Why'],
  gaps(evidence).map(({ what, why }) => [html`${what}`, html`${why}`]),
)}
</section>
</main>
<footer>Written by Signet. The same evidence as data lies beside this page, and gives this page again: <code>npm run evidence -- --from</code> the file.</footer>
</body>
</html>
`
  return page.text
}

function statementItem({ statement, verdict, seen }: Statement): Html {
  return html`<li><span class="verdict ${CLASSES[verdict]}">${verdict}</span><div><p>${statement}</p><p>${seen}</p></div></li>`
}

function shown<T>(part: Part<T>, of: (value: T) => Html): Html {
  return 'known' in part ? of(part.known) : none(part.unknown)
}
