/**
 * What the evidence comes to, statement by statement: it holds, it does not, or it could not be checked. Pure. A statement says no more than
 * what was read shows; what it does not show is said beside it.
 */
import type { ApplicationEvidence, Evidence, Part, VersionEvidence } from './evidence.ts'

export interface Statement {
  readonly id: string
  readonly statement: string
  readonly verdict: 'holds' | 'does not hold' | 'not checked'
  /** What was seen, or why nothing was. */
  readonly seen: string
}

type Judged = Pick<Statement, 'verdict' | 'seen'>

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
      statement: 'No key that may sign can leave the vault.',
      ...forEach(applications, (one) => judgeKeys(one, notExportable)),
    },
    {
      id: 'hardware',
      statement: 'Each of these keys is in a hardware security module.',
      ...forEach(applications, (one) => judgeKeys(one, inHardware)),
    },
    {
      id: 'registered',
      statement: 'The certificate that signs is registered, and in its time.',
      ...forEach(applications, (one) => registered(one, evidence.gatheredAt)),
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

const holds = (seen: string): Judged => ({ verdict: 'holds', seen })
const fails = (seen: string): Judged => ({ verdict: 'does not hold', seen })
const unchecked = (seen: string): Judged => ({ verdict: 'not checked', seen })

function judge<T>(part: Part<T>, of: (value: T) => Judged): Judged {
  return 'known' in part ? of(part.known) : unchecked(part.unknown)
}

/** The worst of all applications decides; what was seen is told of each. */
function forEach(
  applications: readonly ApplicationEvidence[],
  of: (application: ApplicationEvidence) => Judged,
): Judged {
  const judged = applications.map((application) => ({ use: application.use, ...of(application) }))
  const has = (verdict: Judged['verdict']): boolean => judged.some((one) => one.verdict === verdict)
  const verdict = has('does not hold') ? 'does not hold' : has('not checked') ? 'not checked' : 'holds'
  const [first, ...others] = judged.map(({ seen }) => seen)
  const isSame = others.every((seen) => seen === first)
  const seen = isSame ? (first ?? '') : judged.map((one) => `${one.use}: ${one.seen}`).join('; ')
  return { verdict, seen }
}

function judgeKeys(
  { certificate }: ApplicationEvidence,
  of: (versions: readonly VersionEvidence[]) => Judged,
) {
  return judge(certificate, ({ versions }) => {
    const enabled = versions.filter(({ isEnabled }) => isEnabled)
    return enabled.length === 0 ? unchecked('no version is enabled') : of(enabled)
  })
}

function notExportable(versions: readonly VersionEvidence[]): Judged {
  return eachKey(versions, ({ exportable }) => !exportable, 'not exportable', 'exportable')
}

function inHardware(versions: readonly VersionEvidence[]): Judged {
  return eachKey(versions, ({ type }) => type.endsWith('-HSM'), 'in hardware', 'in software')
}

function eachKey(
  versions: readonly VersionEvidence[],
  isSo: (key: { readonly type: string; readonly exportable: boolean }) => boolean,
  good: string,
  bad: string,
): Judged {
  const keys = versions.flatMap(({ key }) => ('known' in key ? [key.known] : []))
  const wrong = keys.filter((key) => !isSo(key)).length
  if (wrong > 0) return fails(`${wrong} of ${versions.length} enabled versions ${bad}`)
  return keys.length < versions.length
    ? unchecked(
        `${keys.length} of ${versions.length} enabled versions ${good}; the vault did not show the others`,
      )
    : holds(
        `${versions.length === 1 ? 'the one enabled version' : `all ${versions.length} enabled versions`} ${good}, as the vault states`,
      )
}

function registered({ registration, certificate }: ApplicationEvidence, now: string): Judged {
  return judge(certificate, ({ versions }) =>
    judge(registration, ({ certificates }) => {
      const signs = versions.find((version) => version.signs)
      const entry = certificates.find(({ thumbprint }) => thumbprint === signs?.thumbprint)
      if (signs?.thumbprint === undefined || entry === undefined)
        return fails('the certificate that signs is not registered')
      const { startsAt = '', endsAt = '9999' } = entry
      return startsAt <= now && now < endsAt
        ? holds(
            `thumbprint ${signs.thumbprint}, ${entry.endsAt === undefined ? 'without an end' : `until ${entry.endsAt.slice(0, 10)}`}`,
          )
        : fails(`thumbprint ${signs.thumbprint} is out of its time`)
    }),
  )
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
