/** What the evidence does not show: parts that could not be read, each with its reason, and what no reading of this kind can show. Pure. */
import type { ApplicationEvidence, Evidence, Part } from './evidence.ts'

export interface Gap {
  readonly what: string
  readonly why: string
}

/** What stays open whatever could be read. */
const ALWAYS: readonly Gap[] = [
  {
    what: 'Whether a 2 in a token is a certificate’s',
    why: 'A federated credential is expected to show 2 as well; the token does not tell the two apart. The list of credentials does.',
  },
  {
    what: 'Whether a key was copied before it came into the vault',
    why: 'The vault states that it cannot be exported, not where it was made. One that the vault made is in no other place.',
  },
  {
    what: 'What was so yesterday',
    why: 'This is one look. The audit logs of Entra and of the vault tell who changed what.',
  },
]

const TPM_MAKER: Gap = {
  what: 'Whether the TPM is a chip',
  why: 'A TPM in software states the same. The endorsement certificate of its maker tells the two apart, and is not asked for.',
}
const EXEMPTIONS: Gap = {
  what: 'Whether a restriction is lifted for somebody',
  why: 'A policy exempts callers by attributes that no reading of it shows. It is judged as if it exempted nobody.',
}

function exempts({ policies: { tenant, own } }: ApplicationEvidence): boolean {
  return [tenant, own].some(
    (part) =>
      'known' in part &&
      part.known !== 'none' &&
      part.known.restrictions.some(({ exemptsCallers }) => exemptsCallers),
  )
}

export function gaps(evidence: Evidence): readonly Gap[] {
  const { applications } = evidence
  const of = (what: string, part: Part<unknown>): readonly Gap[] =>
    'unknown' in part ? [{ what, why: part.unknown }] : []
  return [
    ...applications.flatMap(({ use, registration, policies, certificate, local, token }) => [
      ...of(`The registration of the ${use} application`, registration),
      ...of(`The tenant’s policy on credentials, for the ${use} application`, policies.tenant),
      ...of(`A policy of the ${use} application’s own`, policies.own),
      ...(certificate === undefined ? [] : of(`The certificate of the ${use} application`, certificate)),
      ...of(`A fresh token of the ${use} application`, token),
      ...(certificate !== undefined && 'known' in certificate
        ? certificate.known.versions.flatMap(({ version, key }) => of(`The key of version ${version}`, key))
        : []),
      ...local.flatMap(({ kind, certificate: file, key }) => [
        ...of(kind === 'tpm' ? 'The certificate of the key in the TPM' : 'The certificate in the file', file),
        ...(key === undefined ? [] : of('The key in the TPM', key)),
      ]),
    ]),
    ...(applications.some(({ local }) => local.some(({ kind }) => kind === 'tpm')) ? [TPM_MAKER] : []),
    ...(applications.some(exempts) ? [EXEMPTIONS] : []),
    ...of('The properties of the vault', evidence.vault),
    ...of('Who has which role on the vault', evidence.roles),
    ...of('Who had the vault sign', evidence.signatures),
    ...ALWAYS,
  ]
}
