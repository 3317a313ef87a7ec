/** A credential of several sources: each is tried, and what the order of the list comes to is said. */
import { writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { missingTpmProgram } from '../../../local/tpm/openTpm.ts'
import { describeWith } from '../../support/describeWith.ts'
import { openExaminedWorld } from './openExaminedWorld.ts'

const listed = { CREDENTIAL: 'vault,managed-identity,pem', APP_ONLY_CLIENT_ID: '' }
const hasTpm = missingTpmProgram() === undefined
const { desk, examine } = await openExaminedWorld({
  desk: { sources: ['vault', 'managed-identity', 'pem', ...(hasTpm ? ['tpm' as const] : [])] },
})
const { vault, entra, clientId } = desk
const { PEM_FILE = '' } = desk.settings
const thumbprint = '[\\w-]{43} \\(SHA-1 [\\dA-F]{40}\\)'

describe('a list of sources', () => {
  it('is tried whole: each has its own finding, and the first serves', async () => {
    const results = await examine(listed)

    expect(results.ids('fail')).toEqual([])
    expect(results.of('assertion').seen).toMatch(
      new RegExp(
        `^Entra accepted client ${clientId} with an assertion by the certificate with thumbprint ${thumbprint}\\.$`,
      ),
    )
    expect(results.of('managed-identity').seen).toBe(
      `Entra accepted client ${clientId} with the token of its managed identity.`,
    )
    expect(results.of('pem').seen).toMatch(
      new RegExp(
        `^Entra accepted client ${clientId} with an assertion by the certificate in PEM_FILE with thumbprint ${thumbprint}\\.$`,
      ),
    )
    expect(results.of('pem').note).toMatch(
      /^Its certificate ends in (29|30) days, and nobody renews it by itself/,
    )
    expect(results.of('sources')).toMatchObject({
      verdict: 'pass',
      seen: 'vault serves. After it, managed-identity would serve, pem would serve.',
    })
  })

  it('whose first gives nothing says that a later one serves in its place', async () => {
    vault.permissions.delete('keys/sign/action')
    const results = await examine(listed)

    expect(results.of('sign').verdict).toBe('fail')
    expect(results.of('sources')).toMatchObject({
      verdict: 'pass',
      seen: 'vault gives no assertion; managed-identity serves in its place. After it, pem would serve.',
      note: 'Sign-in rests on managed-identity until vault can again.',
    })
  })

  it('whose first Entra refuses serves nobody, however good the next is', async () => {
    const { certificates: _, ...registration } = desk.registration
    entra.registerApplication(registration)
    const { verdict, seen, fix } = (await examine(listed)).of('sources')

    expect([verdict, seen]).toEqual([
      'fail',
      'vault gives an assertion that Entra refuses. managed-identity would be accepted and does not serve: a refusal moves nobody on. Mend vault, or list managed-identity before it.',
    ])
    expect(fix).toContain('--settings CREDENTIAL=<value>')
  })

  it('none of which is accepted is a fault', async () => {
    const { certificates: _, federatedCredentials: __, ...registration } = desk.registration
    entra.registerApplication(registration)
    const { verdict, seen } = (await examine(listed)).of('sources')

    expect([verdict, seen]).toEqual([
      'fail',
      'vault gives an assertion that Entra refuses, and none after it is known to be accepted. After it, managed-identity would be refused, pem would be refused.',
    ])
  })

  it('to which Entra gives no proper answer is not called refused', async () => {
    entra.switches.faults.token = { kind: 'html' }
    const { verdict, seen } = (await examine(listed)).of('sources')

    expect([verdict, seen]).toEqual([
      'unknown',
      expect.stringMatching(
        /^vault gives an assertion, and http:\S+\/token says neither yes nor no to it\. After it, managed-identity would have no proper answer, pem would have no proper answer\.$/,
      ),
    ])
  })

  it('none of which gives anything is a fault, and each says why', async () => {
    const settings = {
      ...listed,
      CREDENTIAL: 'tpm,pem',
      PEM_FILE: '/nowhere/signet.pem',
      TPM_CERTIFICATE: PEM_FILE,
    }
    const results = await examine({ ...settings, TPM_TCTI: 'device:/nowhere/tpm' })

    expect(results.of('assertion')).toMatchObject({
      verdict: 'fail',
      seen: expect.stringMatching(
        /^The TPM gives no assertion on this machine \(tpm\/unavailable.*\)\. The TPM gave no answer: /,
      ),
      fix: 'npm run tpm -- status',
    })
    expect(results.of('pem')).toMatchObject({
      verdict: 'fail',
      seen: 'The PEM file gives no assertion on this machine (pem/key_unusable: the file cannot be read). PEM_FILE has to hold a valid certificate and its own private key, unencrypted.',
      fix: expect.stringContaining('--settings PEM_FILE=<value>'),
    })
    expect(results.of('sources').seen).toBe(
      'None of tpm, pem gives an assertion: nobody can sign in once the last one has run out.',
    )
  })

  it('with an identity that Entra does not trust names the federated credential to add', async () => {
    const others = (desk.registration.federatedCredentials ?? []).map((one) => ({
      ...one,
      subject: 'another',
    }))
    entra.registerApplication({ ...desk.registration, federatedCredentials: others })
    const results = await examine(listed)

    expect(results.ids('fail')).toEqual(['managed-identity'])
    expect(results.of('managed-identity').fix).toMatch(/^az ad app federated-credential create --id /)
    expect(results.of('sources').seen).toBe(
      'vault serves. After it, managed-identity would be refused, pem would serve.',
    )
  })

  it('with a PEM file that nobody registered names the certificate alone to add', async () => {
    const [ofVault] = desk.registration.certificates ?? []
    entra.registerApplication({ ...desk.registration, certificates: ofVault === undefined ? [] : [ofVault] })
    const { verdict, fix } = (await examine(listed)).of('pem')

    expect(verdict).toBe('fail')
    expect(fix).toBe(
      `openssl x509 -in '${PEM_FILE}' -out signet.pem && az ad app credential reset --id ${clientId} --append --cert @signet.pem`,
    )
  })

  it('of one source has no order to speak of', async () => {
    const results = await examine({ ...listed, CREDENTIAL: 'pem' })
    expect(results.all.map(({ id }) => id)).not.toContain('sources')
    expect(results.of('assertion').seen).toContain('the certificate in PEM_FILE')
  })
})

it('a finding never holds a word of the file with the key', async () => {
  const file = `${PEM_FILE}.broken`
  await writeFile(file, '-----BEGIN CERTIFICATE-----\nc2VjcmV0\n-----END CERTIFICATE-----\n')
  const { verdict, seen } = (await examine({ ...listed, PEM_FILE: file })).of('pem')

  expect(verdict).toBe('fail')
  expect(seen).not.toContain('c2VjcmV0')
})

describeWith({ 'swtpm and tpm2-tools': hasTpm ? 'yes' : undefined }, 'a TPM in the list', () => {
  it('is accepted after the vault, or alone, with an assertion that it signed', async () => {
    const accepted = new RegExp(
      `^Entra accepted client ${clientId} with an assertion by the certificate of the key in the TPM with thumbprint ${thumbprint}\\.$`,
    )
    const after = await examine({ ...listed, CREDENTIAL: 'vault,tpm' })
    const alone = await examine({ ...listed, CREDENTIAL: 'tpm' })

    expect([after.of('tpm').verdict, alone.of('assertion').verdict]).toEqual(['pass', 'pass'])
    expect(after.of('tpm').seen).toMatch(accepted)
    expect(alone.of('assertion').seen).toMatch(accepted)
    expect(after.of('sources').seen).toBe('vault serves. After it, tpm would serve.')
  })

  it('that nobody registered is refused, and its certificate is what to add', async () => {
    const { certificates: _, ...registration } = desk.registration
    entra.registerApplication(registration)
    const { verdict, fix } = (await examine({ ...listed, CREDENTIAL: 'tpm' })).of('assertion')

    expect([verdict, fix]).toEqual([
      'fail',
      `openssl x509 -in '${desk.settings.TPM_CERTIFICATE}' -out signet.pem && az ad app credential reset --id ${clientId} --append --cert @signet.pem`,
    ])
  })
})
