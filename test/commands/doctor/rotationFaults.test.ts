/** What the doctor has done about a key that the app could not take out of its registration. */
import { describe, expect, it } from 'vitest'
import { createCommands } from '../../../commands/doctor/commands.ts'
import type { ExaminedCertificate, ExaminedClient } from '../../../commands/doctor/examination.ts'
import type { RotationFacts } from '../../../commands/doctor/rotationFacts.ts'
import { rotationFaults } from '../../../commands/doctor/rotationFaults.ts'
import type { KeyCredential } from '../../../lib/entra/graphCredentials.ts'
import type { ErrorCode } from '../../../lib/errors/table.ts'
import { NOTHING_YET } from '../../../lib/rotation/state.ts'
import { rotationStatus } from '../../../lib/rotation/status.ts'
import { CLIENT } from '../../support/configOf.ts'

const NOW_MS = Date.UTC(2026, 2, 1)
const [SIGNS, OLD] = ['a'.repeat(32), 'e'.repeat(32)]
const [THUMBPRINT, OLD_THUMBPRINT] = ['AA'.repeat(20), 'EE'.repeat(20)]
const vault = { url: 'https://contoso.vault.azure.net', certificate: 'signing' }

const entry = (keyId: string, thumbprintSha1: string): KeyCredential => ({
  keyId,
  type: 'AsymmetricX509Cert',
  usage: 'Verify',
  thumbprintSha1,
})
const OWN_ENTRY = entry('key-of-the-one-that-signs', THUMBPRINT)

/** What is to be done where that stands in the way of removing the old version, which was revoked. */
function fixesFor(code: ErrorCode, entries: RotationFacts['entries']): string[] {
  const of = (version: string, thumbprintSha1: string) => ({
    version,
    thumbprintS256: '',
    thumbprintSha1,
    expiresAtMs: NOW_MS + 1e10,
  })
  const state = {
    ...NOTHING_YET,
    active: { ...of(SIGNS, THUMBPRINT), sinceMs: NOW_MS },
    former: [{ ...of(OLD, OLD_THUMBPRINT), phase: 'going' as const }],
    revoked: [OLD],
    lookedAtMs: NOW_MS,
    hindrances: [{ step: 'remove', version: OLD, code, atMs: NOW_MS }],
  }
  const versions = [
    { version: SIGNS, thumbprintSha1: THUMBPRINT, enabled: true },
    { version: OLD, thumbprintSha1: OLD_THUMBPRINT, enabled: false },
  ]
  const facts: RotationFacts = {
    mode: 'register',
    isPinned: false,
    isExchanged: true,
    hasRow: true,
    state,
    versions,
    signs: SIGNS,
    expiresAtMs: NOW_MS + 1e10,
    isRenewedByVault: true,
    entries,
    isApp: false,
    lackingSetting: undefined,
    creationRight: 'unknown',
    nowMs: NOW_MS,
  }
  const named = (version?: string) => ({
    vaultUrl: vault.url,
    name: vault.certificate,
    ...(version === undefined ? {} : { version }),
  })
  return rotationFaults(facts, rotationStatus({ state, versions, mayCreate: false, nowMs: NOW_MS }), {
    client: { clientId: CLIENT } as unknown as ExaminedClient,
    certificate: { vault, named } as unknown as ExaminedCertificate,
    commands: createCommands({}),
  }).map(({ fix }) => fix)
}

describe('a key on its way out that the app cannot take out of its registration', () => {
  it.each<[ErrorCode, RegExp]>([
    ['graph/forbidden', /Certificates & secrets$/],
    [
      'graph/proof_refused',
      new RegExp(`--version ${SIGNS} --file signet\\.pem && az ad app credential reset`),
    ],
    ['rotation/last_key', /Certificates & secrets$/],
  ])('is never to be registered anew, whatever is in the way: %s', (code, expected) => {
    const [fix, ...others] = fixesFor(code, 'graph/forbidden')

    expect(others).toEqual([])
    expect(fix).toMatch(expected)
    expect(fix).not.toContain(OLD)
  })

  it('is named by its entry where whoever asks can see that', () => {
    expect(fixesFor('graph/forbidden', [OWN_ENTRY, entry('key-of-old', OLD_THUMBPRINT)])).toEqual([
      `az ad app credential delete --cert --id ${CLIENT} --key-id key-of-old`,
    ])
  })

  it('is nobody’s trouble any more once somebody else has taken it out', () => {
    expect(fixesFor('graph/forbidden', [OWN_ENTRY])).toEqual([])
  })
})
