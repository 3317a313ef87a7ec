/** Whether the certificate lasts, or its successor is on its way. */
import { ACTIVATION_DELAY_MS, type VersionFacts } from '../../../lib/vault/versions.ts'
import { type Finding, fail, pass } from '../check.ts'
import type { Examination, ExaminedCertificate } from '../examination.ts'
import { utc } from '../utc.ts'

const DAY_MS = 86_400_000
const LEAST_DAYS = 30

export async function examineCertificate(
  { clientId, vault, named, gather }: ExaminedCertificate,
  { commands, effects }: Examination,
): Promise<Finding> {
  const { signing, versions } = await gather()
  const { expiresAtMs } = signing
  const days = Math.floor((expiresAtMs - effects.now()) / DAY_MS)
  const lasts = Number.isFinite(expiresAtMs)
    ? `Valid for another ${days} days, until ${utc(expiresAtMs).slice(0, 10)}`
    : 'Valid without end'
  if (days >= LEAST_DAYS) return pass(`${lasts}.`)

  const successor = vault.certificateVersion === undefined ? newerThan(signing.version, versions) : undefined
  const successorLastsMs = (successor?.expiresOn?.getTime() ?? 0) - effects.now()
  if (successor?.version === undefined || successorLastsMs < LEAST_DAYS * DAY_MS)
    return fail(`${lasts}: renew it.`, commands.renewCertificate(clientId, named()))
  const takesOverMs = (successor.createdOn?.getTime() ?? 0) + ACTIVATION_DELAY_MS
  return pass(
    `${lasts}; version ${successor.version} takes over at ${utc(takesOverMs)}.`,
    `Entra has to know that version by then: ${commands.registerCertificate(clientId, named(successor.version))}`,
  )
}

function newerThan(version: string, versions: readonly VersionFacts[]): VersionFacts | undefined {
  const createdMs = ({ createdOn }: VersionFacts): number => createdOn?.getTime() ?? 0
  const own = versions.find((one) => one.version === version)
  if (own === undefined) return undefined
  return versions
    .filter((one) => one.enabled !== false && createdMs(one) > createdMs(own))
    .toSorted((one, other) => createdMs(other) - createdMs(one))[0]
}
