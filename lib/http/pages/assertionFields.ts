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
      meaning:
        header.alg === 'PS256'
          ? 'How it is signed: RSA-PSS with SHA-256.'
          : 'How it is signed: RSA with SHA-256, as older chips do.',
      spec: header.alg === 'PS256' ? 'RFC 7518 §3.5' : 'RFC 7518 §3.3',
    },
    {
      name: 'typ',
      value: html`${header.typ}`,
      meaning:
        header.typ === 'JWT'
          ? 'What it is: a JSON Web Token.'
          : 'What it is: a token by which a client proves itself, and no other kind.',
      spec: 'RFC 7515 §4.1.9',
    },
    thumbprintField(header),
  ])
}

function thumbprintField({ 'x5t#S256': s256, x5t }: AssertionHeader): Field {
  return {
    name: s256 === undefined ? 'x5t' : 'x5t#S256',
    value: html`${s256 ?? x5t}`,
    meaning:
      'Thumbprint of the certificate whose key signed, by which Entra finds it among those registered for the app.',
    spec: s256 === undefined ? 'RFC 7515 §4.1.7' : 'RFC 7515 §4.1.8',
  }
}

/** The claims as a description list, times also in UTC. */
export function claimFields(claims: AssertionClaims): Html {
  return fieldList([
    {
      name: 'aud',
      value: breakable(claims.aud),
      meaning: 'Whom it is for: this address and no other.',
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
    {
      name: 'nbf',
      value: moment(claims.nbf),
      meaning: 'Not valid before: a minute back, for a clock that is behind.',
      spec: 'RFC 7523 §3 (5)',
    },
    {
      name: 'iat',
      value: moment(claims.iat),
      meaning: 'When it was made: perhaps minutes before you came, so that nobody waits for the vault.',
      spec: 'RFC 7523 §3 (6)',
    },
    {
      name: 'exp',
      value: moment(claims.exp),
      meaning: `Worthless from then on: it lives ${lifetime(claims)}.`,
      spec: 'RFC 7523 §3 (4)',
    },
  ])
}

/** In minutes, or in seconds where there are few. */
function lifetime({ exp, iat }: AssertionClaims): string {
  const seconds = exp - iat
  return seconds < 120 ? `${seconds} seconds` : `${Math.floor(seconds / 60)} minutes`
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
