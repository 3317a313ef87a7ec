/** Header and claims of a client assertion, each with what it means and where that is written. */
import type { AssertionClaims, AssertionHeader } from '../../credential/clientAssertion.ts'
import { type Html, html } from '../html.ts'
import { utcTime } from './utcTime.ts'

interface Field {
  readonly name: string
  readonly value: Html
  readonly meaning: string
  readonly spec: string
}

/** The JOSE header as a description list. */
export function headerFields(header: AssertionHeader): Html {
  return fieldList([
    {
      name: 'alg',
      value: html`${header.alg}`,
      meaning: 'How it is signed: RSA-PSS with SHA-256.',
      spec: 'RFC 7518 §3.5',
    },
    {
      name: 'typ',
      value: html`${header.typ}`,
      meaning: 'What it is: a JSON Web Token.',
      spec: 'RFC 7515 §4.1.9',
    },
    {
      name: 'x5t#S256',
      value: html`${header['x5t#S256']}`,
      meaning:
        'Thumbprint of the certificate whose key signed, by which Entra finds it among those registered for the app.',
      spec: 'RFC 7515 §4.1.8',
    },
  ])
}

/** The claims as a description list, times also in UTC. */
export function claimFields(claims: AssertionClaims): Html {
  return fieldList([
    {
      name: 'aud',
      value: breakable(claims.aud),
      meaning: 'Whom it is for: this token endpoint and no other.',
      spec: 'RFC 7523 §3 (3)',
    },
    {
      name: 'iss',
      value: html`${claims.iss}`,
      meaning: 'Who says so: the app, by its client id.',
      spec: 'RFC 7523 §3 (1)',
    },
    {
      name: 'sub',
      value: html`${claims.sub}`,
      meaning: 'Of whom: the app again, since it speaks for itself.',
      spec: 'RFC 7523 §3 (2)',
    },
    {
      name: 'jti',
      value: html`${claims.jti}`,
      meaning: 'Names this one assertion, so that a replay can be recognised.',
      spec: 'RFC 7523 §3 (7)',
    },
    { name: 'nbf', value: moment(claims.nbf), meaning: 'Not valid before.', spec: 'RFC 7523 §3 (5)' },
    {
      name: 'iat',
      value: moment(claims.iat),
      meaning: 'When it was made: perhaps minutes before you came, so that nobody waits for the vault.',
      spec: 'RFC 7523 §3 (6)',
    },
    {
      name: 'exp',
      value: moment(claims.exp),
      meaning: `Worthless from then on: it lives ${Math.round((claims.exp - claims.iat) / 60)} minutes.`,
      spec: 'RFC 7523 §3 (4)',
    },
  ])
}

/** A URL that a narrow screen breaks after a slash, rather than in the middle of an id. */
function breakable(url: string): Html {
  const parts = url.split(/(?<=[^/:]\/)/).map((part) => html`${part}<wbr>`)
  return html`${parts}`
}

function moment(seconds: number): Html {
  return html`${seconds} <span class="moment">${utcTime(seconds * 1_000)}</span>`
}

function fieldList(fields: readonly Field[]): Html {
  const rows = fields.map(
    ({ name, value, meaning, spec }) => html`<div><dt><code>${name}</code></dt>
<dd class="value"><code>${value}</code></dd>
<dd class="meaning">${meaning}</dd>
<dd class="spec">${spec}</dd></div>
`,
  )
  return html`<dl class="fields">
${rows}</dl>`
}
