/** The forms of four claims and what the guard makes of each. Run by itself, this file prints the table. */
import type { Guard } from '../../lib/guard/guard.ts'
import { API, appToken, createTokenIssuer, userToken } from './tokenIssuer.ts'

interface Row {
  readonly claim: 'aud' | 'azpacr' | 'scp' | 'roles'
  /** As it is shown; the API's own name is `<api>`. */
  readonly forms: readonly unknown[]
  /** What the caller is granted, or the reason of the refusal. */
  readonly outcome: string
}

export const CLAIM_FORMS: readonly Row[] = [
  { claim: 'aud', forms: ['<api>', ['<api>']], outcome: 'the API' },
  {
    claim: 'aud',
    forms: [['<api>', 'other'], ['<api>', '<api>'], [], [['<api>']], '<api> ', 7],
    outcome: 'wrong_audience',
  },
  { claim: 'azpacr', forms: ['2', 2], outcome: 'a certificate' },
  { claim: 'azpacr', forms: ['1', 1], outcome: 'secret_client' },
  { claim: 'azpacr', forms: ['02', '2 ', '2.0', 2.5, -2], outcome: 'unproven_client' },
  { claim: 'azpacr', forms: [['2'], true, '', null, { value: '2' }], outcome: 'not_an_access_token' },
  {
    claim: 'scp',
    forms: ['Orders.Read', 'Other  Orders.Read ', ['Other', 'Orders.Read'], ['Other Orders.Read', 7]],
    outcome: 'Orders.Read',
  },
  {
    claim: 'scp',
    forms: ['', '  ', [], [''], null, 'Orders.Read,Other', 'orders.read', { value: 'Orders.Read' }],
    outcome: 'missing_scope',
  },
  {
    claim: 'roles',
    forms: [['Orders.Read.All', 'Other'], 'Orders.Read.All', ['Orders.Read.All', 7]],
    outcome: 'Orders.Read.All',
  },
  {
    claim: 'roles',
    forms: [[], '', 'Other Orders.Read.All', ['Other Orders.Read.All'], [['Orders.Read.All']], null],
    outcome: 'missing_role',
  },
]

const GRANTED = { aud: 'the API', azpacr: 'a certificate' } as const

/** What a guard with one scope and one role makes of a claim in this form. */
export async function outcomeOf(claim: Row['claim'], form: unknown): Promise<string> {
  issuing ??= createTokenIssuer().then((issuer) => ({ issuer, guard: issuer.guard() }))
  const { issuer, guard } = await issuing
  const value = JSON.parse(JSON.stringify(form).replaceAll('<api>', API))
  const token = claim === 'roles' ? appToken : userToken
  const decision = await guard.judge(await issuer.bearer({ ...token, [claim]: value }))
  if (decision.kind === 'refused') return decision.reason
  if (claim === 'aud' || claim === 'azpacr') return GRANTED[claim]
  const { caller } = decision
  const granted = claim === 'scp' && caller.kind === 'user' ? caller.scopes : caller.roles
  return granted.filter((one) => one !== 'Other').join(' ')
}

let issuing: Promise<{ issuer: Awaited<ReturnType<typeof createTokenIssuer>>; guard: Guard }> | undefined

/** The table as Markdown. */
export async function claimFormsTable(): Promise<string> {
  const rows = await Promise.all(
    CLAIM_FORMS.map(async ({ claim, forms }) => {
      const outcomes = await Promise.all(forms.map((form) => outcomeOf(claim, form)))
      const shown = forms.map((form) => `\`${JSON.stringify(form)}\``).join(', ')
      return `| \`${claim}\` | ${shown} | ${[...new Set(outcomes)].map((one) => `\`${one}\``).join(', ')} |`
    }),
  )
  return ['| claim | in one of these forms | comes to |', '|---|---|---|', ...rows].join('\n')
}

if (import.meta.main) console.log(await claimFormsTable())
