/** The status of an exchange as lines for a person. Nothing in them is secret. */
import { POLICY_DOUBTS } from '../../lib/rotation/policy.ts'
import type { RotationStatus } from '../../lib/rotation/status.ts'
import { adviceOf } from '../adviceOf.ts'

export function statusLines(status: RotationStatus): string[] {
  const { versions, active, hindrances, doubts, next, reigns } = status
  const signs =
    active === undefined
      ? '  no version is known to be accepted yet; the rule of age decides which one signs'
      : `  ${active.version} signs ${since(active.sinceMs, active)}; ${active.daysLeft} days are left of it`
  return [
    signs,
    ...versions.map(
      ({ version, standing, expiresAtMs, unusable, isRevoked, isExportable, thumbprintSha1 }) => {
        const facts = [
          active === undefined && standing === 'not in use' ? 'not proven yet' : standing,
          ...(isRevoked ? ['revoked'] : []),
          ...(isExportable ? ['its key can be copied'] : []),
          ...(unusable === undefined ? [] : [unusable]),
          ...(expiresAtMs === undefined ? [] : [`until ${iso(expiresAtMs)}`]),
          ...(thumbprintSha1 === undefined ? [] : [thumbprintSha1]),
        ]
        return `    ${version}  ${facts.join(', ')}`
      },
    ),
    ...hindrances.map(
      ({ step, version, code, detail, sinceMs }) =>
        `  in the way of ${[step, version].filter(Boolean).join(' ')} since ${iso(sinceMs)}: ${[code, detail].filter(Boolean).join(', ')}\n    ${adviceOf(code)}`,
    ),
    ...doubts.map(
      (doubt) =>
        `  left open when a version was last made, by what the application may read of itself: ${POLICY_DOUBTS[doubt]}`,
    ),
    ...(doubts.length === 0
      ? []
      : ['    whoever may read more sees it with npm run doctor, at its check "policy"']),
    `  next: ${next}`,
    ...(reigns.length === 0 ? [] : ['  who signed:']),
    ...reigns.map(({ version, thumbprintSha1, fromMs, untilMs, isFoundSigning }) => {
      const until = untilMs === undefined ? 'now' : iso(untilMs)
      const from = isFoundSigning ? `${iso(fromMs)} at the latest` : iso(fromMs)
      return `    ${version}  ${thumbprintSha1}  ${from} to ${until}`
    }),
    ...(reigns.some(({ isFoundSigning }) => isFoundSigning)
      ? [
          '    at the latest: so the first run of the timer found it; what signed before then, the log has (credential.signed)',
        ]
      : []),
  ]
}

function since(ms: number, { isFoundSigning }: { readonly isFoundSigning: boolean }): string {
  return isFoundSigning ? `at the latest since ${iso(ms)}` : `since ${iso(ms)}`
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
