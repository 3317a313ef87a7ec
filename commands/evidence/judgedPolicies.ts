/** Whether the certificates of one application are as the policies in force would have them, judged by the lines that the app goes by. Pure. */
import type { ManagementPolicy } from '../../lib/entra/graphPolicies.ts'
import { judgeCertificate, POLICY_DOUBTS, type PoliciesSeen } from '../../lib/rotation/policy.ts'
import type { ApplicationEvidence, Part, PolicyEvidence } from './evidence.ts'
import { fails, holds, type Judged, judge, unchecked } from './judged.ts'

const DAY_MS = 86_400_000
/** With one of these a certificate may be refused for a reason that was not seen. */
const OPEN = ['tenant-not-read', 'own-not-read', 'unknown-restriction'] as const

/** A certificate that signs, as far as a policy asks about it. */
interface Subject {
  readonly lifeMs: number
  readonly isSelfIssued: boolean
  /** For how many months the vault makes the next. */
  readonly nextMonths?: number
}

export function asPoliciesAsk(application: ApplicationEvidence): Judged {
  const subjects = subjectsOf(application)
  if (typeof subjects === 'string') return unchecked(subjects)
  const seen = seenOf(application)
  if (seen.tenant === undefined && typeof seen.own !== 'object')
    return judge(application.policies.tenant, noPolicy)
  const judged = subjects.map((subject) => ofOne(subject, seen))
  return judged.find(({ verdict }) => verdict !== 'holds') ?? judged[0] ?? unchecked('no certificate')
}

function noPolicy(): Judged {
  return unchecked('no policy was read')
}

function ofOne({ lifeMs, isSelfIssued, nextMonths }: Subject, seen: PoliciesSeen): Judged {
  const { months, longestMs, needsAuthority, doubts } = judgeCertificate(seen, nextMonths ?? 1)
  const lives = `the certificate that signs lives ${days(lifeMs)} days`
  if (needsAuthority && isSelfIssued)
    return fails('only certificates of authorities are allowed, and the one that signs issued itself')
  if (longestMs !== undefined && lifeMs > longestMs)
    return fails(`${lives}, and ${days(longestMs)} are allowed: the next one like it is refused`)
  if (nextMonths !== undefined && months !== nextMonths)
    return fails(
      `${lives}, and the vault makes the next for ${nextMonths} ${nextMonths === 1 ? 'month' : 'months'}: longer than allowed`,
    )
  const open = OPEN.filter((one) => doubts.includes(one))
  if (open.length > 0) return unchecked(open.map((doubt) => POLICY_DOUBTS[doubt]).join(' '))
  const limit = longestMs === undefined ? 'no longest life is set' : `${lives}, of ${days(longestMs)} allowed`
  return holds(`${limit}; ${needsAuthority ? 'it is of an authority' : 'no authority is demanded'}`)
}

function seenOf({ registration, policies: { tenant, own } }: ApplicationEvidence): PoliciesSeen {
  const createdAt = 'known' in registration ? registration.known.createdAt : undefined
  return {
    tenant: 'known' in tenant ? policyOf(tenant.known) : undefined,
    own: ownOf(own),
    createdAtMs: createdAt === undefined ? undefined : Date.parse(createdAt),
  }
}

function ownOf(own: Part<PolicyEvidence | 'none'>): PoliciesSeen['own'] {
  if (!('known' in own)) return 'not-permitted'
  return own.known === 'none' ? 'none' : policyOf(own.known)
}

function policyOf({ name, isEnabled, restrictions }: PolicyEvidence): ManagementPolicy {
  return {
    id: '',
    displayName: name,
    isEnabled,
    restrictions: restrictions.map(({ fromCreation, ...one }) => ({
      ...one,
      ...(fromCreation === undefined ? {} : { fromCreationMs: Date.parse(fromCreation) }),
    })),
  }
}

/** Or why they are not known. */
function subjectsOf({ certificate, local }: ApplicationEvidence): readonly Subject[] | string {
  const subjects: Subject[] = []
  if (certificate !== undefined) {
    if (!('known' in certificate)) return certificate.unknown
    const { versions, policyMonths } = certificate.known
    const { startsAt, endsAt, isSelfIssued } = versions.find(({ signs }) => signs) ?? {}
    if (startsAt === undefined || endsAt === undefined || isSelfIssued === undefined)
      return 'The vault does not say how long the certificate that signs lives.'
    const next = policyMonths === undefined ? {} : { nextMonths: policyMonths }
    subjects.push({ lifeMs: Date.parse(endsAt) - Date.parse(startsAt), isSelfIssued, ...next })
  }
  for (const { certificate: one } of local) {
    if (!('known' in one)) return one.unknown
    const { startsAt, endsAt, isSelfIssued } = one.known
    subjects.push({ lifeMs: Date.parse(endsAt) - Date.parse(startsAt), isSelfIssued })
  }
  return subjects.length === 0 ? 'no certificate: policies on certificates ask nothing of it' : subjects
}

function days(ms: number): number {
  return Math.round(ms / DAY_MS)
}
