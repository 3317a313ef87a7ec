/** One request to the token endpoint, and the answer as it came. */

import { ASSERTION_TYPE } from '../../lib/credential/clientAssertion.ts'
import { createBoundedFetch } from '../../lib/entra/boundedFetch.ts'
import { AppError } from '../../lib/errors/appError.ts'
import { commandEffects } from '../commandEffects.ts'
import { moment } from './moment.ts'
import type { Row, Transcript } from './transcript.ts'

const DEADLINE_MS = 15_000
const SECRETS = new Set([
  'code',
  'code_verifier',
  'client_assertion',
  'access_token',
  'id_token',
  'refresh_token',
])

/** What stands beside a field of the form or of the answer. */
const REMARKS: ReadonlyMap<string, string> = new Map([
  ['grant_type', 'which grant: RFC 6749 section 4.1.3 or 4.4.2'],
  ['code', 'from the browser: good once, for ten minutes, for this client and redirect URI'],
  ['redirect_uri', 'the same as before, byte for byte'],
  ['code_verifier', 'what code_challenge is the hash of (RFC 7636): proves that we began this sign-in'],
  ['client_assertion_type', 'RFC 7523 section 2.2'],
  ['client_assertion', 'the JWS of step 2, where others send client_secret'],
  ['access_token', 'for the API: a bearer credential'],
  ['id_token', 'for us: who signed in'],
  ['refresh_token', 'good for new tokens, with a new assertion each time'],
])

export interface TokenAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** The form of a grant, client authentication included (RFC 7521 section 4.2). */
export function tokenForm(
  clientId: string,
  assertion: string,
  grant: Readonly<Record<string, string>>,
): URLSearchParams {
  const client = { client_id: clientId, client_assertion_type: ASSERTION_TYPE, client_assertion: assertion }
  return new URLSearchParams({ ...grant, ...client })
}

/** Posts the form. Throws `entra/unavailable` without an answer, `entra/malformed_response` for one that is not of a token endpoint. */
export async function postForm(tokenEndpoint: string, form: URLSearchParams): Promise<TokenAnswer> {
  const answer = await createBoundedFetch(commandEffects, DEADLINE_MS)(tokenEndpoint, {
    method: 'POST',
    body: form,
  })
  const { status } = answer
  const body: unknown = await answer.json().catch(() => undefined)
  const expected = status === 200 ? 'access_token' : 'error'
  if (typeof body !== 'object' || body === null || !(expected in body)) {
    throw new AppError('entra/malformed_response', { detail: `status ${status}, and no ${expected} in it` })
  }
  return { status, body: { ...body } }
}

/** The members of a form or an answer as rows, secrets cut short. */
export function memberRows(
  members: Iterable<readonly [string, unknown]>,
  { secret }: Pick<Transcript, 'secret'>,
): Row[] {
  return Array.from(members, ([name, value]) => ({
    name,
    value: SECRETS.has(name) ? secret(String(value)) : String(value),
    remark: REMARKS.get(name),
  }))
}

/** The claims of a JWT, times as moments, with remarks where there is something to say. */
export function claimRows(
  claims: Readonly<Record<string, unknown>>,
  remarks: ReadonlyMap<string, string>,
): Row[] {
  return Object.entries(claims).map(([name, value]) => ({
    name,
    value: shown(name, value),
    remark: remarks.get(name),
  }))
}

function shown(name: string, value: unknown): string {
  if (typeof value === 'number' && ['iat', 'nbf', 'exp', 'auth_time'].includes(name)) return moment(value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}
