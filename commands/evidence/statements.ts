/**
 * What the evidence comes to, statement by statement: it holds, it does not, or it could not be checked. Pure. A statement says no more than
 * what was read shows; what it does not show is said beside it.
 */
import { plain } from '../plain.ts'
import type { Evidence } from './evidence.ts'
import { fails, forEach, holds, type Judged, judge, unchecked } from './judged.ts'
import { inHardware, notExportable, registered } from './judgedKeys.ts'
import { asPoliciesAsk } from './judgedPolicies.ts'

export interface Statement extends Judged {
  readonly id: string
  readonly statement: string
}

/** In the order of the page. */
export function statements(evidence: Evidence): readonly Statement[] {
  const { applications } = evidence
  return [
    {
      id: 'no-secret',
      statement: 'No application has a client secret.',
      ...forEach(applications, ({ registration }) =>
        judge(registration, ({ passwords }) =>
          passwords.length === 0
            ? holds('no password credential')
            : fails(`${passwords.length} password credential${passwords.length === 1 ? '' : 's'}`),
        ),
      ),
    },
    {
      id: 'not-exportable',
      statement: 'No key that may sign can leave where it is.',
      ...forEach(applications, notExportable),
    },
    {
      id: 'hardware',
      statement: 'Each of these keys is in a hardware security module.',
      ...forEach(applications, inHardware),
    },
    {
      id: 'registered',
      statement: 'The certificate that signs is registered, and in its time.',
      ...forEach(applications, (one) => registered(one, evidence.gatheredAt)),
    },
    {
      id: 'policies',
      statement: 'The certificates are as the tenant’s policies in force would have them.',
      ...forEach(applications, asPoliciesAsk),
    },
    {
      id: 'certificate-client',
      statement: 'Entra says that each application proved itself by an assertion and not by a secret.',
      ...forEach(applications, ({ token }) =>
        judge(token, ({ claim, value }) =>
          value === '2'
            ? holds(`${claim} is 2 in a fresh token`)
            : fails(`${claim} is ${value} in a fresh token`),
        ),
      ),
    },
    {
      id: 'vault-guarded',
      statement: 'The vault goes by roles, and what is deleted in it can be recovered.',
      ...judge(evidence.vault, ({ usesRoles, purgeProtection }) =>
        usesRoles && purgeProtection
          ? holds('roles, and protected from purging')
          : fails(usesRoles ? 'not protected from purging' : 'access policies in place of roles'),
      ),
    },
    {
      id: 'one-signer',
      statement: 'In thirty days nobody but the app had the vault sign.',
      ...signers(evidence),
    },
  ]
}

/** For a terminal, which obeys nothing of it: evidence that is read from a file may be of anybody. */
export function lineOf({ verdict, statement, seen }: Statement): string {
  const mark = verdict === 'holds' ? '✓' : verdict === 'not checked' ? '?' : '✗'
  return plain(`${mark} ${statement} ${seen}`)
}

function signers({ signatures, deployment: { identity } }: Evidence): Judged {
  return judge(signatures, (rows) => {
    if (identity === undefined) return unchecked('The environment does not say which identity is the app’s.')
    const others = [...new Set(rows.map(({ caller }) => caller))].filter((caller) => caller !== identity)
    const count = rows.reduce((sum, row) => sum + row.signatures, 0)
    return others.length === 0
      ? holds(`${count} signatures, all of them by the app’s identity`)
      : fails(
          `${others.length} other ${others.length === 1 ? 'caller' : 'callers'}; a deployment itself has one signature made: see the table`,
        )
  })
}
