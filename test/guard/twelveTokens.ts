/** Twelve tokens and what the guard says to each. Run by itself, this file prints the table. */
import { randomUUID } from 'node:crypto'
import type { Decision, Guard, RefusalReason } from '../../lib/guard/guard.ts'
import {
  appToken,
  createTokenIssuer,
  idToken,
  NOW_SEC,
  OTHER_TENANT,
  type TokenIssuer,
  userToken,
  userTokenV1,
} from './tokenIssuer.ts'

interface Row {
  readonly token: string
  readonly expected: 'accepted' | RefusalReason
  readonly bearer: (issuer: TokenIssuer) => Promise<string>
  /** Where the row is about another guard than the one that admits users and applications. */
  readonly guard?: (guard: Guard) => Guard
}

const signed =
  (claims: Readonly<Record<string, unknown>>) =>
  (issuer: TokenIssuer): Promise<string> =>
    issuer.bearer(claims)

const otherIssuer = `https://login.microsoftonline.com/${OTHER_TENANT}/v2.0`

export const TWELVE_TOKENS: readonly Row[] = [
  {
    token: 'user, version 2, client with a certificate (`azpacr` 2)',
    expected: 'accepted',
    bearer: signed(userToken),
  },
  {
    token: 'user, version 1, client with a certificate (`appidacr` 2)',
    expected: 'accepted',
    bearer: signed(userTokenV1),
  },
  {
    token: 'application with a role, certificate',
    expected: 'accepted',
    bearer: signed(appToken),
  },
  {
    token: 'user, client with a secret (`azpacr` 1)',
    expected: 'secret_client',
    bearer: signed({ ...userToken, azpacr: '1' }),
  },
  {
    token: 'user, public client (`azpacr` 0)',
    expected: 'public_client',
    bearer: signed({ ...userToken, azpacr: '0' }),
  },
  {
    token: 'user, certificate, another tenant',
    expected: 'wrong_tenant',
    bearer: signed({ ...userToken, tid: OTHER_TENANT, iss: otherIssuer }),
  },
  {
    token: 'user, certificate, for another API',
    expected: 'wrong_audience',
    bearer: signed({ ...userToken, aud: randomUUID() }),
  },
  { token: 'ID token of the API itself', expected: 'not_an_access_token', bearer: signed(idToken) },
  {
    token: 'application with a role, certificate, where a user is needed',
    expected: 'user_required',
    bearer: signed(appToken),
    guard: (guard) => guard.requiring({ scopes: ['Orders.Read'] }),
  },
  {
    token: 'user, certificate, expired',
    expected: 'expired',
    bearer: signed({ ...userToken, exp: NOW_SEC - 61 }),
  },
  {
    token: 'user, certificate, client not on the list',
    expected: 'foreign_client',
    bearer: signed({ ...userToken, azp: randomUUID() }),
  },
  {
    token: 'user, certificate, signed with another key',
    expected: 'bad_signature',
    bearer: (issuer) => issuer.bearer(userToken, { key: 'withheld', header: { kid: 'published' } }),
  },
]

/** Shows all twelve to a guard. */
export async function judgeTwelve(): Promise<readonly (Row & { readonly decision: Decision })[]> {
  const issuer = await createTokenIssuer()
  const guard = issuer.guard()
  const judge = async (row: Row) => {
    const decision = await (row.guard?.(guard) ?? guard).judge(await row.bearer(issuer))
    return { ...row, decision }
  }
  return Promise.all(TWELVE_TOKENS.map(judge))
}

/** The table as Markdown. */
export async function twelveTokensTable(): Promise<string> {
  const rows = (await judgeTwelve()).map(({ token, decision }, index) => {
    const cells =
      decision.kind === 'accepted'
        ? ['accepted', '', '']
        : [`${decision.status}`, `\`${decision.jsonBody.error}\``, `\`${decision.reason}\``]
    return `| ${[index + 1, token, ...cells].join(' | ')} |`.replaceAll('  ', ' ')
  })
  return ['| | token | answer | `error` | `reason` |', '|---|---|---|---|---|', ...rows].join('\n')
}

if (import.meta.main) console.log(await twelveTokensTable())
