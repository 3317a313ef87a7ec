/** The exchange of a certificate in a few sentences: the versions that matter, and what is next. Pure. */
import { successorDueMs } from '../../lib/rotation/decide.ts'
import { HINDERED, type RotationStatus, type VersionStatus } from '../../lib/rotation/status.ts'
import { ACTIVATION_DELAY_MS, createdAtMs, type VersionFacts, whyUnusable } from '../../lib/vault/versions.ts'
import type { RotationFacts } from './rotationFacts.ts'
import { utc } from './utc.ts'

const DAY_MS = 86_400_000

export function rotationPicture(facts: RotationFacts, { versions, next }: RotationStatus): string {
  const told = versions.filter((one) => matters(one, facts))
  const others = versions.length - told.length
  const count = versions.length === 1 ? '1 version' : `${versions.length} versions`
  const rest = others === 0 ? [] : [`${others} not in use`]
  return `${count} in the vault: ${[...told.map((one) => sentenceOf(one, facts)), ...rest].join('; ')}. Next: ${nextOf(facts, next)}.`
}

/** Newer versions than the one that signs that could sign, youngest first. */
export function newerThanSigning({ versions, signs, nowMs }: RotationFacts): VersionFacts[] {
  const own = createdAtMs(versions.find(({ version }) => version === signs))
  return versions
    .filter((one) => createdAtMs(one) > own && whyUnusable(one, nowMs) === undefined)
    .toSorted((one, other) => createdAtMs(other) - createdAtMs(one))
}

/** Whether Entra has it, where that could be read. */
export function isRegistered(
  thumbprintSha1: string | undefined,
  { entries }: Pick<RotationFacts, 'entries'>,
): boolean | undefined {
  return typeof entries === 'string'
    ? undefined
    : entries.some((one) => one.thumbprintSha1 !== undefined && one.thumbprintSha1 === thumbprintSha1)
}

function matters({ version, standing, thumbprintSha1 }: VersionStatus, facts: RotationFacts): boolean {
  return (
    version === facts.signs ||
    !['gone', 'not in use'].includes(standing) ||
    isRegistered(thumbprintSha1, facts) === true ||
    newerThanSigning(facts).some((one) => one.version === version)
  )
}

function sentenceOf(one: VersionStatus, facts: RotationFacts): string {
  const { version, standing, thumbprintSha1, expiresAtMs, unusable, isRevoked, isExportable } = one
  const registered = isRegistered(thumbprintSha1, facts)
  const details = [
    ...(registered === undefined ? [] : [registered ? 'registered' : 'not registered']),
    ...(isRevoked ? ['revoked'] : []),
    ...(isExportable ? ['its key can be copied'] : []),
    ...(unusable === undefined
      ? expiresAtMs === undefined
        ? []
        : [`${Math.floor((expiresAtMs - facts.nowMs) / DAY_MS)} days left`]
      : [unusable]),
  ]
  const does = version === facts.signs ? 'signs' : standing === 'signs' ? 'is to sign' : `is ${standing}`
  return `${version} ${does}${details.length === 0 ? '' : ` (${details.join(', ')})`}`
}

function nextOf(facts: RotationFacts, next: string): string {
  const { isPinned, isExchanged, mode, versions, signs, isRenewedByVault } = facts
  if (isPinned) return 'nothing, because the settings pin the version'
  const [newest] = newerThanSigning(facts)
  if (!isExchanged) {
    return newest === undefined
      ? `nothing by itself, because ROTATION is ${mode}`
      : `version ${newest.version} takes over at ${utc(createdAtMs(newest) + ACTIVATION_DELAY_MS)}, registered or not`
  }
  if (next === HINDERED) return next
  if (!next.startsWith('nothing')) return `${next}, within five minutes`
  const dueMs = successorDueMs(versions.find(({ version }) => version === signs))
  if (mode === 'auto') return dueMs === undefined ? next : `a new version is made at ${utc(dueMs)}`
  return isRenewedByVault
    ? 'the vault makes a new version by its own policy, and the app brings it into use'
    : 'nothing until somebody makes a new version, which the app then brings into use'
}
