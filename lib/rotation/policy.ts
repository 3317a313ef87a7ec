/**
 * What the tenant's policies let a certificate be. Pure: from the policies as far as they could be read, to the months that a vault may be
 * asked for, which are never more than allowed. What could not be read is said, and nothing is taken for allowed because of it that a policy
 * that was read forbids.
 */
import type { KeyRestriction, ManagementPolicy } from '../entra/graphPolicies.ts'
import { AppError } from '../errors/appError.ts'
import type { CertificateWish } from '../vault/bundles.ts'

const DAY_MS = 86_400_000
/** A vault dates a certificate back by ten minutes, which counts as life; and it writes whole seconds. */
const VAULT_ADDS_MS = 3_600_000

export interface PoliciesSeen {
  /** Undefined where it may not be read. */
  readonly tenant: ManagementPolicy | undefined
  /** The one of the application's own; `none` where it has none. */
  readonly own: ManagementPolicy | 'none' | 'not-permitted'
  /** When the application was created; where that is not known, every restriction is taken to concern it. Milliseconds since the epoch. */
  readonly createdAtMs?: number | undefined
}

/** What is left open by the reading: each is a sentence for the operator, no reason to stop. */
export const POLICY_DOUBTS = {
  'tenant-not-read':
    'The tenant’s policy could not be read (that takes Policy.Read.ApplicationConfiguration): a refusal would come when a key is added.',
  'own-not-read':
    'Whether the application has a policy of its own could not be read: it may be stricter, or let more through.',
  'callers-exempt':
    'Some callers are exempt from a restriction. Whether this one is cannot be seen, so it is taken to hold.',
  'unknown-restriction':
    'There is a restriction on certificates of a kind that is not known here: a refusal would come when a key is added.',
} as const

export type PolicyDoubt = keyof typeof POLICY_DOUBTS

export interface AllowedCertificate {
  /** Months to ask the vault for: those wished, or fewer; undefined where a month is too long, or a limit cannot be read. */
  readonly months: number | undefined
  /** The longest life allowed, in milliseconds; undefined where nothing limits it. */
  readonly longestMs: number | undefined
  /** Only certificates of authorities that the policy names are taken: none that a vault signs itself. */
  readonly needsAuthority: boolean
  readonly doubts: readonly PolicyDoubt[]
}

/** `wishedMonths`: at least 1. */
export function judgeCertificate(seen: PoliciesSeen, wishedMonths: number): AllowedCertificate {
  const restrictions = inForce(seen)
  const limits = restrictions
    .filter(({ type }) => type === 'asymmetricKeyLifetime')
    // A limit that cannot be read allows nothing.
    .map(({ maxLifetime }) => durationMs(maxLifetime ?? '') ?? 0)
  const longestMs = limits.length === 0 ? undefined : Math.min(...limits)
  return {
    months: monthsWithin(wishedMonths, longestMs ?? Number.POSITIVE_INFINITY),
    longestMs,
    needsAuthority: restrictions.some(({ type }) => type === 'trustedCertificateAuthority'),
    doubts: policyDoubts(seen),
  }
}

/**
 * The months that a vault is asked for: never more than allowed. Throws `graph/policy_refused` for a certificate that Entra would not take,
 * before it is made.
 */
export function monthsToAsk(seen: PoliciesSeen, { months: wished, isSelfSigned }: CertificateWish): number {
  const { months, needsAuthority } = judgeCertificate(seen, wished)
  if (needsAuthority && isSelfSigned)
    throw new AppError('graph/policy_refused', { detail: 'trustedCertificateAuthority' })
  if (months === undefined)
    throw new AppError('graph/policy_refused', {
      detail: 'asymmetricKeyLifetime: a vault counts in months, and one is longer than allowed',
    })
  return months
}

/**
 * The restrictions that concern the application. Its own policy, where it is on, takes the place of the tenant's. Whether
 * one that is off does so too is not documented; it is taken not to.
 */
function inForce({ tenant, own, createdAtMs }: PoliciesSeen): readonly KeyRestriction[] {
  const policy = typeof own === 'object' && own.isEnabled ? own : tenant
  if (policy?.isEnabled !== true) return []
  return policy.restrictions.filter(
    ({ isInForce, fromCreationMs }) =>
      isInForce &&
      (fromCreationMs === undefined || createdAtMs === undefined || createdAtMs >= fromCreationMs),
  )
}

/** What the reading leaves open, whatever is asked for. */
export function policyDoubts(seen: PoliciesSeen): readonly PolicyDoubt[] {
  const { tenant, own } = seen
  const restrictions = inForce(seen)
  const known = ['asymmetricKeyLifetime', 'trustedCertificateAuthority']
  const holds: readonly (readonly [PolicyDoubt, boolean])[] = [
    ['tenant-not-read', tenant === undefined && typeof own !== 'object'],
    ['own-not-read', own === 'not-permitted'],
    ['callers-exempt', restrictions.some(({ exemptsCallers }) => exemptsCallers)],
    ['unknown-restriction', restrictions.some(({ type }) => !known.includes(type))],
  ]
  return holds.flatMap(([doubt, isOpen]) => (isOpen ? [doubt] : []))
}

/** The most months, up to those wished, that are within `longestMs` whenever they begin. */
function monthsWithin(wishedMonths: number, longestMs: number): number | undefined {
  for (let months = wishedMonths; months >= 1; months -= 1)
    if (mostDays(months) * DAY_MS + VAULT_ADDS_MS <= longestMs) return months
  return undefined
}

/** The most days that so many months in a row can have, leap years among them. */
function mostDays(months: number): number {
  // 2028 is a leap year; the starts of four years meet every case.
  const starts = Array.from({ length: 48 }, (_, start) => start)
  const lengths = starts.map(
    (start) => (Date.UTC(2025, start + months, 1) - Date.UTC(2025, start, 1)) / DAY_MS,
  )
  return Math.max(...lengths)
}

/** An ISO 8601 duration in milliseconds, years and months as short as they can be; undefined for what is none. */
function durationMs(duration: string): number | undefined {
  const form =
    /^P(?!$)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?!$)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?$/
  const parts = form.exec(duration)
  if (parts === null) return undefined
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0))
  const wholeDays = years * 365 + months * 28 + weeks * 7 + days
  return wholeDays * DAY_MS + ((hours * 60 + minutes) * 60 + seconds) * 1_000
}
