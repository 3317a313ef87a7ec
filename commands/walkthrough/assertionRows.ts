/** The assertion field by field: ours, whether it holds, what Entra requires, and where that is written. */
import type { ClientAssertion } from '../../lib/credential/clientCredential.ts'
import { moment } from './moment.ts'
import type { Row, Transcript } from './transcript.ts'

interface Requirement {
  readonly name: string
  readonly ours: string
  readonly holds: boolean
  readonly required: string
  readonly source: string
}

const MOST_LIFETIME_SEC = 600
/** Microsoft identity platform, "Application authentication certificate credentials". */
const ENTRA = 'Entra, certificate-credentials'

/** Rows for header and claims. Throws TypeError for an assertion that no certificate made. */
export function assertionRows({ proof }: ClientAssertion, clientId: string, tokenEndpoint: string): Row[] {
  const { header, claims } = proof
  if (header === undefined || claims === undefined) throw new TypeError('a certificate made no assertion')
  const requirements: readonly Requirement[] = [
    {
      name: 'alg',
      ours: header.alg,
      holds: header.alg === 'PS256',
      required: 'PS256: RSA with PSS padding, SHA-256',
      source: `${ENTRA}; RFC 7518 section 3.5`,
    },
    {
      name: 'typ',
      ours: header.typ,
      holds: header.typ === 'JWT',
      required: 'JWT',
      source: `${ENTRA}; RFC 7515 section 4.1.9`,
    },
    {
      name: 'x5t#S256',
      ours: header['x5t#S256'] ?? '',
      holds: /^[\w-]{43}$/.test(header['x5t#S256'] ?? ''),
      required: 'SHA-256 thumbprint, base64url, of a certificate that is registered with the app',
      source: `${ENTRA}; RFC 7515 section 4.1.8`,
    },
    {
      name: 'aud',
      ours: claims.aud,
      holds: claims.aud === tokenEndpoint,
      required: 'the token endpoint that it is posted to, byte for byte',
      source: `${ENTRA}; RFC 7523 section 3 (3)`,
    },
    {
      name: 'iss',
      ours: claims.iss,
      holds: claims.iss === clientId,
      required: 'the client id',
      source: `${ENTRA}; RFC 7523 section 3 (1)`,
    },
    {
      name: 'sub',
      ours: claims.sub,
      holds: claims.sub === claims.iss,
      required: 'the same as iss: the client speaks for itself',
      source: `${ENTRA}; RFC 7523 section 3 (2)`,
    },
    {
      name: 'jti',
      ours: claims.jti,
      holds: /^[0-9a-f-]{36}$/.test(claims.jti),
      required: 'a GUID of its own; Entra lets one assertion be used again until exp',
      source: `${ENTRA}; RFC 7523 section 3 (7)`,
    },
    {
      name: 'nbf',
      ours: moment(claims.nbf),
      holds: claims.nbf <= claims.iat,
      required: 'now; ours is a minute back, for a clock that is behind',
      source: `${ENTRA}; RFC 7523 section 3 (5)`,
    },
    {
      name: 'iat',
      ours: moment(claims.iat),
      holds: claims.iat < claims.exp,
      required: 'now',
      source: `${ENTRA}; RFC 7523 section 3 (6)`,
    },
    {
      name: 'exp',
      ours: moment(claims.exp),
      holds: claims.exp - claims.nbf <= MOST_LIFETIME_SEC,
      required: 'short: 5 to 10 minutes after nbf at most',
      source: `${ENTRA}; RFC 7523 section 3 (4)`,
    },
  ]
  return requirements.map(({ name, ours, holds, required, source }) => ({
    name,
    value: ours,
    remark: `${holds ? 'as required:' : 'NOT AS REQUIRED:'} ${required}\n${source}`,
  }))
}

/** The third part of the JWS: what turns the rest into a credential. */
export function signatureRow({ jws }: ClientAssertion, { secret }: Pick<Transcript, 'secret'>): Row {
  const signature = jws.split('.').at(2) ?? ''
  return {
    name: 'signature',
    value: secret(signature),
    remark: 'made in the vault; whoever has the whole assertion is the client until exp',
  }
}
