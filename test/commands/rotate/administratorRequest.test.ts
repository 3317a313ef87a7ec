/** What an administrator is handed where no key is left: the form of `azd up`, with nothing secret in it. */
import { X509Certificate } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  keyCredentialOf,
  registrable,
  writeAdministratorRequest,
} from '../../../commands/rotate/administratorRequest.ts'
import { toKeyCredential } from '../../../infra/hooks/keyCredential.ts'
import { registrationRequest } from '../../../infra/hooks/registrationRequest.ts'
import { certifiedKey } from '../../support/certifiedKey.ts'

const CLIENT = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'
const { certificate } = await certifiedKey()
const der = new Uint8Array(certificate.raw)
const versions = ['a', 'b'].map((letter) => ({ name: 'signet-signing', version: letter.repeat(32), der }))
const folder = await mkdtemp(join(tmpdir(), 'signet-request-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

it.each(['signet-signing', 'n'.repeat(120)])(
  'an entry is what azd up registers, under the same name: %s',
  (name) => {
    const version = { name, version: 'a'.repeat(32), der }
    const body = registrationRequest(
      {
        environmentName: 'e',
        tenantId: CLIENT,
        publicUrl: 'https://signin.example',
        isMultiTenant: false,
        issuer: '',
      },
      {
        signingCertificates: [toKeyCredential({ ...version, der: Buffer.from(der) })],
        appOnlyCertificates: [],
      },
    )
    const { keyCredentials } = body['signet-e'] as { keyCredentials: unknown[] }
    expect([keyCredentialOf(version)]).toEqual(keyCredentials)
  },
)

it('a file for each version and one request are written, the newest first, and the command appends', async () => {
  const to = join(folder, 'registration')
  const { commands } = await writeAdministratorRequest(
    to,
    CLIENT,
    versions.map((one) => ({ ...one, keyId: '', thumbprintS256: '', thumbprintSha1: '', expiresAtMs: 0 })),
  )

  expect((await readdir(to)).sort()).toEqual([
    `${CLIENT}.json`,
    ...versions.map(({ version }) => `signet-signing-${version}.pem`),
  ])
  const { keyCredentials } = JSON.parse(await readFile(join(to, `${CLIENT}.json`), 'utf8'))
  expect(keyCredentials).toEqual(versions.map(keyCredentialOf))
  const pem = await readFile(join(to, `signet-signing-${'a'.repeat(32)}.pem`), 'utf8')
  expect(pem).not.toContain('PRIVATE')
  expect(new X509Certificate(pem).fingerprint256).toBe(certificate.fingerprint256)
  expect(commands).toEqual(
    versions.map(
      ({ version }) =>
        `az ad app credential reset --id ${CLIENT} --append --cert @${join(to, `signet-signing-${version}.pem`)}`,
    ),
  )
})

describe('what an administrator is asked to register', () => {
  const DAY_MS = 86_400_000
  const nowMs = Date.UTC(2030, 0, 1)
  const vaultWith = (...exportable: readonly string[]) => ({
    versions: async () =>
      ['old', 'young', 'over'].map((version, age) => ({
        version,
        createdOn: new Date(nowMs - (3 - age) * DAY_MS),
        expiresOn: new Date(version === 'over' ? nowMs - 1 : nowMs + DAY_MS),
      })),
    held: async (version: string) => ({
      ...{ name: 'signing', version, keyId: '', der, thumbprintS256: '', thumbprintSha1: '' },
      expiresAtMs: 0,
    }),
    isExportable: async (version: string) => exportable.includes(version),
  })
  const asked = async (...exportable: readonly string[]) =>
    (await registrable(vaultWith(...exportable), nowMs)).map(({ version }) => version)

  it('is every version that can sign, the newest first, and none whose key can be copied', async () => {
    expect(await asked()).toEqual(['young', 'old'])
    expect(await asked('young')).toEqual(['old'])
  })

  it('is never an empty list, which would take away what is registered', async () => {
    await expect(asked('young', 'old')).rejects.toMatchObject({ code: 'rotation/key_exportable' })
    await expect(registrable({ ...vaultWith(), versions: async () => [] }, nowMs)).rejects.toMatchObject({
      code: 'vault/key_unusable',
    })
  })
})
