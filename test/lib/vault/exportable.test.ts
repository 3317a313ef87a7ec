/** Whether a key can leave the vault, and that none which is made here can: the real SDK against the stub. */
import { expect, test, vi } from 'vitest'
import { openVaultCertificates } from '../../../lib/vault/bundles.ts'
import { isExportable } from '../../../lib/vault/exportable.ts'
import { vaultBundles } from '../../../local/vault/vaultBundles.ts'
import { openDeskVault } from '../../local/openDeskVault.ts'
import { heldEffects } from '../../support/heldEffects.ts'

async function open() {
  const { vault, certificates, credential } = await openDeskVault()
  const { url: vaultUrl, certificateName: name } = vault
  const opened = openVaultCertificates({ vaultUrl, name, credential, effects: heldEffects() })
  const newest = () => vault.certificate().version
  /** The policy as the vault tells it, whatever its versions were made from. */
  function tellPolicy(exportable: boolean | undefined): void {
    const { key_props, ...policy } = vaultBundles.policy(vault.certificate())
    const body = { ...policy, key_props: { ...key_props, exportable } }
    vault.faults.always({ kind: 'answer', status: 200, body }, 'certificate policy')
  }
  return { vault, certificates, opened, newest, tellPolicy }
}

test.each<[byPolicy: boolean | undefined, byKey: boolean | undefined, isSo: boolean]>([
  [false, false, false],
  [false, undefined, false],
  [false, true, true],
  [true, false, true],
  [true, undefined, true],
  [true, true, true],
  [undefined, false, true],
  [undefined, undefined, true],
])('where the policy says %s and the key %s, the key can be exported: %s', (byPolicy, byKey, isSo) => {
  expect(isExportable({ byPolicy, byKey })).toBe(isSo)
})

test('a key is exportable by its own word, by the policy, and where the policy says nothing', async () => {
  const { vault, opened, newest, tellPolicy } = await open()
  const first = newest()
  expect(await opened.isExportable(first)).toBe(false)
  await vault.rotate(undefined, { isExportable: true })
  expect(await opened.isExportable(newest())).toBe(true)

  tellPolicy(false)
  expect([await opened.isExportable(first), await opened.isExportable(newest())]).toEqual([false, true])
  tellPolicy(undefined)
  expect(await opened.isExportable(first)).toBe(true)
})

test('who may read certificates only goes by the policy: no right more is needed than for signing', async () => {
  const { vault, opened, newest } = await open()
  vault.permissions.delete('keys/read')

  expect(await opened.isExportable(newest())).toBe(false)
  await vault.rotate(undefined, { isExportable: true })
  expect(await opened.isExportable(newest())).toBe(true)
})

test('that a key could not be read for another reason than a right is no answer', async () => {
  const { vault, opened, newest } = await open()
  vault.faults.always({ kind: 'unavailable' }, 'key read')

  await expect(opened.isExportable(newest())).rejects.toMatchObject({ code: 'vault/unavailable' })
})

test('a version that is made here has a key of its own that cannot be exported, whatever the policy says, and mends the policy', async () => {
  const { vault, certificates, opened, newest } = await open()
  vault.permissions.add('certificates/create/action')
  await vault.rotate(undefined, { isExportable: true })
  const before = newest()
  await opened.create(({ months }) => months)

  // The vault takes its time, and the clock of the test goes by at once.
  await vi.waitFor(() => expect(newest()).not.toBe(before), 5_000)
  expect(await opened.isExportable(newest())).toBe(false)
  const { policy } = await certificates.getCertificate(vault.certificateName)
  expect([policy?.exportable, policy?.reuseKey]).toEqual([false, false])
})
