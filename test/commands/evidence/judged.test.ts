/** What policies, and keys beside the host, come to in the evidence. */
import { describe, expect, it } from 'vitest'
import type {
  ApplicationEvidence,
  Evidence,
  LocalEvidence,
  Part,
  PolicyEvidence,
} from '../../../commands/evidence/evidence.ts'
import { evidencePage } from '../../../commands/evidence/page.ts'
import { statements } from '../../../commands/evidence/statements.ts'
import { gaps } from '../../../commands/evidence/unchecked.ts'
import { POLICY_DOUBTS } from '../../../lib/rotation/policy.ts'
import { SAMPLE } from './sampleEvidence.ts'

const [SIGN_IN = expect.unreachable()] = SAMPLE.applications
const evidenceOf = (change: Partial<ApplicationEvidence>): Evidence => ({
  ...SAMPLE,
  applications: [{ ...SIGN_IN, ...change }],
})
const verdictOf = (change: Partial<ApplicationEvidence>, id: string) => {
  const { verdict, seen } = statements(evidenceOf(change)).find((one) => one.id === id) ?? expect.fail(id)
  return [verdict, seen]
}
const unread = { unknown: 'It could not be read (graph/forbidden).' }
type Restriction = PolicyEvidence['restrictions'][number]
const policy = (...restrictions: readonly Partial<Restriction>[]): { readonly known: PolicyEvidence } => ({
  known: {
    name: 'a policy',
    isEnabled: true,
    restrictions: restrictions.map((one) => ({
      type: 'asymmetricKeyLifetime',
      isInForce: true,
      exemptsCallers: false,
      ...one,
    })),
  },
})

describe('the policies in force', () => {
  const none = { known: 'none' } as const
  const LIVES = 'the certificate that signs lives 91 days'

  it.each<[string, Part<PolicyEvidence>, Part<PolicyEvidence | 'none'>, string, string]>([
    ['nothing is asked', policy(), none, 'holds', 'no longest life is set; no authority is demanded'],
    [
      'it is short enough',
      policy({ maxLifetime: 'P180D' }),
      none,
      'holds',
      `${LIVES}, of 180 allowed; no authority is demanded`,
    ],
    [
      'it is longer than allowed',
      policy({ maxLifetime: 'P90D' }),
      none,
      'does not hold',
      `${LIVES}, and 90 are allowed: the next one like it is refused`,
    ],
    [
      'the next would be longer than allowed',
      policy({ maxLifetime: 'P92D' }),
      none,
      'does not hold',
      `${LIVES}, and the vault makes the next for 3 months: longer than allowed`,
    ],
    [
      'an authority is demanded',
      policy({ type: 'trustedCertificateAuthority' }),
      none,
      'does not hold',
      'only certificates of authorities are allowed, and the one that signs issued itself',
    ],
    [
      'the application’s own allows it',
      policy({ maxLifetime: 'P30D' }),
      policy(),
      'holds',
      'no longest life is set; no authority is demanded',
    ],
    [
      'the application’s own does not',
      policy(),
      policy({ maxLifetime: 'P30D' }),
      'does not hold',
      `${LIVES}, and 30 are allowed: the next one like it is refused`,
    ],
    [
      'it is older than what the restriction is for',
      policy({ maxLifetime: 'P30D', fromCreation: '2026-09-01T08:00:01Z' }),
      none,
      'holds',
      'no longest life is set; no authority is demanded',
    ],
    [
      'its own cannot be read',
      policy({ maxLifetime: 'P180D' }),
      unread,
      'not checked',
      POLICY_DOUBTS['own-not-read'],
    ],
    [
      'a restriction is not known here',
      policy({ type: 'newer' }),
      none,
      'not checked',
      POLICY_DOUBTS['unknown-restriction'],
    ],
    ['none can be read', unread, unread, 'not checked', unread.unknown],
  ])('are judged as the app goes by them: %s', (_when, tenant, own, verdict, seen) => {
    expect(verdictOf({ policies: { tenant, own } }, 'policies')).toEqual([verdict, seen])
  })

  it('count as not checked where the certificate could not be read, and ask nothing of who has none', () => {
    expect(verdictOf({ certificate: unread }, 'policies')).toEqual(['not checked', unread.unknown])
    const { certificate: _none, ...without } = SIGN_IN
    const [judged] = statements({
      ...SAMPLE,
      applications: [{ ...without, sources: ['managed-identity'] }],
    }).filter(({ id }) => id === 'policies')
    expect(judged?.seen).toBe('no certificate: policies on certificates ask nothing of it')
  })

  it('from which callers are exempt are judged as if none were, and that is said', () => {
    const policies = { tenant: policy({ maxLifetime: 'P90D', exemptsCallers: true }), own: none }
    expect(verdictOf({ policies }, 'policies')[0]).toBe('does not hold')
    expect(gaps(evidenceOf({ policies })).map(({ what }) => what)).toContain(
      'Whether a restriction is lifted for somebody',
    )
    expect(evidencePage(evidenceOf({ policies }))).toContain('asymmetricKeyLifetime, with exempt callers')
  })
})

describe('a key beside the host', () => {
  const thumbprint = 'B'.repeat(40)
  const certificate = {
    known: {
      subject: 'CN=Signet of this machine',
      isSelfIssued: true,
      startsAt: '2026-11-01T00:00:00Z',
      endsAt: '2027-01-30T00:00:00Z',
      thumbprint,
      bits: 2048,
    },
  }
  const key = {
    handle: '0x81010001',
    bits: 2048,
    isBound: true,
    hasPolicy: false,
    isOfCertificate: true,
  }
  const tpm: LocalEvidence = { kind: 'tpm', certificate, key: { known: key } }
  const { certificate: _vault, ...withoutVault } = SIGN_IN
  const alone = (local: LocalEvidence): Evidence => ({
    ...SAMPLE,
    applications: [{ ...withoutVault, sources: [local.kind], local: [local] }],
  })
  const seenOf = (evidence: Evidence, id: string) => {
    const { verdict, seen } = statements(evidence).find((one) => one.id === id) ?? expect.fail(id)
    return [verdict, seen]
  }

  it('in a TPM is bound as the TPM states, and whether that is a chip is not checked', () => {
    expect(seenOf(alone(tpm), 'not-exportable')).toEqual([
      'holds',
      'made in the TPM and bound to it, as it states',
    ])
    expect(seenOf(alone(tpm), 'hardware')[0]).toBe('not checked')
    expect(gaps(alone(tpm)).map(({ what }) => what)).toContain('Whether the TPM is a chip')
    expect(seenOf(alone({ ...tpm, key: { known: { ...key, isBound: false } } }), 'not-exportable')[0]).toBe(
      'does not hold',
    )
    expect(seenOf(alone({ ...tpm, key: unread }), 'not-exportable')).toEqual(['not checked', unread.unknown])
  })

  it('in a file can be copied, and says so beside one in the vault that cannot', () => {
    const both = evidenceOf({ sources: ['vault', 'pem'], local: [{ kind: 'pem', certificate }] })
    expect(seenOf(both, 'not-exportable')).toEqual([
      'does not hold',
      'vault: the one enabled version not exportable, as the vault states; pem: in a file, which can be copied',
    ])
    expect(seenOf(both, 'hardware')[0]).toBe('does not hold')
  })

  it('is registered by the thumbprint of its own certificate, and under the policies like any other', () => {
    expect(seenOf(alone(tpm), 'registered')).toEqual([
      'does not hold',
      'the certificate that signs is not registered',
    ])
    expect(seenOf(alone({ ...tpm, certificate: unread }), 'registered')[0]).toBe('not checked')
    const policies = { tenant: policy({ maxLifetime: 'P30D' }), own: { known: 'none' as const } }
    const [application = expect.unreachable()] = alone(tpm).applications
    expect(seenOf({ ...SAMPLE, applications: [{ ...application, policies }] }, 'policies')).toEqual([
      'does not hold',
      'the certificate that signs lives 90 days, and 30 are allowed: the next one like it is refused',
    ])
  })

  it('has a section of its own on the page, and no word of a vault where there is none', () => {
    const page = evidencePage(alone(tpm))
    for (const shown of [
      'Its key in the TPM of the host',
      thumbprint,
      '0x81010001',
      'CN=Signet of this machine',
    ])
      expect(page).toContain(shown)
    expect(page).not.toContain('Its keys, as the vault states them')
    expect(evidencePage(alone({ kind: 'pem', certificate }))).toContain('in the file: it can be copied')
  })
})
