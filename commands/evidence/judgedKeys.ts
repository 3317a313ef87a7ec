/** What the keys and certificates of one application come to, wherever they are: in the vault, in a TPM, in a file. Pure. */
import type {
  ApplicationEvidence,
  LocalEvidence,
  RegisteredCertificate,
  VersionEvidence,
} from './evidence.ts'
import { fails, holds, type Judged, judge, unchecked, worstOf } from './judged.ts'

const NO_KEY = unchecked('no key of its own: the platform holds that of the managed identity')

export function notExportable(application: ApplicationEvidence): Judged {
  return ofEachPlace(
    application,
    (versions) => eachKey(versions, ({ exportable }) => !exportable, 'not exportable', 'exportable'),
    ({ kind, key }) => {
      if (kind === 'pem' || key === undefined) return fails('in a file, which can be copied')
      return judge(key, ({ isBound }) =>
        isBound
          ? holds('made in the TPM and bound to it, as it states')
          : fails('in a TPM, which states that it was made elsewhere or may leave'),
      )
    },
  )
}

export function inHardware(application: ApplicationEvidence): Judged {
  return ofEachPlace(
    application,
    (versions) => eachKey(versions, ({ type }) => type.endsWith('-HSM'), 'in hardware', 'in software'),
    ({ kind }) =>
      kind === 'pem'
        ? fails('in a file')
        : unchecked('in a TPM; whether that is of hardware, its maker’s certificate would show'),
  )
}

/** `now`: ISO 8601. */
export function registered({ registration, ...application }: ApplicationEvidence, now: string): Judged {
  return ofEachPlace(
    { registration, ...application },
    (versions) => {
      const signs = versions.find((version) => version.signs)
      return judge(registration, ({ certificates }) => inItsTime(signs?.thumbprint, certificates, now))
    },
    ({ certificate }) =>
      judge(certificate, ({ thumbprint }) =>
        judge(registration, ({ certificates }) => inItsTime(thumbprint, certificates, now)),
      ),
    (versions) => versions,
  )
}

function inItsTime(
  thumbprint: string | undefined,
  certificates: readonly RegisteredCertificate[],
  now: string,
): Judged {
  const entry = certificates.find((one) => one.thumbprint === thumbprint)
  if (thumbprint === undefined || entry === undefined)
    return fails('the certificate that signs is not registered')
  const { startsAt = '', endsAt } = entry
  return startsAt <= now && now < (endsAt ?? '9999')
    ? holds(
        `thumbprint ${thumbprint}, ${endsAt === undefined ? 'without an end' : `until ${endsAt.slice(0, 10)}`}`,
      )
    : fails(`thumbprint ${thumbprint} is out of its time`)
}

/** Enabled versions in the vault, or those that are named; then each key beside the host. */
function ofEachPlace(
  { certificate, local }: ApplicationEvidence,
  ofVersions: (versions: readonly VersionEvidence[]) => Judged,
  ofLocal: (key: LocalEvidence) => Judged,
  which: (versions: readonly VersionEvidence[]) => readonly VersionEvidence[] = enabled,
): Judged {
  const vault =
    certificate === undefined
      ? []
      : [
          {
            name: 'vault',
            ...judge(certificate, ({ versions }) => {
              const chosen = which(versions)
              return chosen.length === 0 ? unchecked('no version is enabled') : ofVersions(chosen)
            }),
          },
        ]
  const places = [...vault, ...local.map((one) => ({ name: one.kind, ...ofLocal(one) }))]
  return places.length === 0 ? NO_KEY : worstOf(places)
}

function enabled(versions: readonly VersionEvidence[]): readonly VersionEvidence[] {
  return versions.filter(({ isEnabled }) => isEnabled)
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
