import { createHash } from 'node:crypto'
import type { TokenCredential } from '@azure/identity'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { base64url, sha256 } from '../../../lib/base/crypto.ts'
import { createCertificateReader } from '../../../lib/vault/certificate.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'

interface Bundle {
  readonly keyId?: string
  readonly cer?: Uint8Array
  readonly properties: {
    readonly version: string
    readonly enabled?: boolean
    readonly createdOn?: Date
    readonly notBefore?: Date
    readonly expiresOn?: Date
  }
}

const vault = vi.hoisted(() => ({
  bundles: [] as Bundle[],
  requests: [] as string[],
  options: [] as unknown[],
}))

// The wire has tests of its own; here the vault is a list of versions, oldest first.
vi.mock('@azure/keyvault-certificates', () => ({
  CertificateClient: class {
    constructor(...options: unknown[]) {
      vault.options.push(options)
    }
    async getCertificate(name: string) {
      vault.requests.push(`latest ${name}`)
      return vault.bundles.at(-1)
    }
    async getCertificateVersion(name: string, version: string) {
      vault.requests.push(`version ${name} ${version}`)
      const found = vault.bundles.find(({ properties }) => properties.version === version)
      if (found === undefined) throw Object.assign(new Error('none'), { statusCode: 404 })
      return found
    }
    async *listPropertiesOfCertificateVersions(name: string) {
      vault.requests.push(`list ${name}`)
      for (const { properties } of vault.bundles) yield properties
    }
  },
}))

const DAY_MS = 24 * 3_600_000
const identity: TokenCredential = { getToken: async () => null }

function bundle(version: string, ageMs: number): Bundle {
  return {
    keyId: `https://vault.example/keys/signing/${version}`,
    cer: new TextEncoder().encode(`DER of ${version}`),
    properties: {
      version,
      enabled: true,
      createdOn: new Date(START_MS - ageMs),
      expiresOn: new Date(START_MS + 90 * DAY_MS),
    },
  }
}

function reader(pinnedVersion?: string) {
  return createCertificateReader({
    vaultUrl: 'https://vault.example',
    name: 'signing',
    ...(pinnedVersion === undefined ? {} : { pinnedVersion }),
    credential: identity,
    effects: heldEffects(),
  })
}

beforeEach(() => {
  vault.bundles.length = 0
  vault.requests.length = 0
  vault.options.length = 0
})

describe('the certificate reader', () => {
  it('takes key id, thumbprints and end from one answer of the vault', async () => {
    vault.bundles.push(bundle('v1', 30 * DAY_MS))

    expect(await reader().read()).toEqual({
      name: 'signing',
      version: 'v1',
      keyId: 'https://vault.example/keys/signing/v1',
      thumbprintS256: base64url.encode(sha256('DER of v1')),
      thumbprintSha1: createHash('sha1').update('DER of v1').digest('hex').toUpperCase(),
      expiresAtMs: START_MS + 90 * DAY_MS,
    })
    expect(vault.requests).toEqual(['latest signing'])
  })

  it('leaves retries to us', () => {
    reader()

    expect(vault.options).toEqual([['https://vault.example', identity, { retryOptions: { maxRetries: 0 } }]])
  })

  it('stays with the version in use while a renewed one is young, and reads that version whole', async () => {
    vault.bundles.push(bundle('v1', 300 * DAY_MS), bundle('v2', 1_000))

    const { version, thumbprintS256, keyId } = await reader().read()

    expect({ version, thumbprintS256, keyId }).toEqual({
      version: 'v1',
      thumbprintS256: base64url.encode(sha256('DER of v1')),
      keyId: 'https://vault.example/keys/signing/v1',
    })
    expect(vault.requests).toEqual(['latest signing', 'list signing', 'version signing v1'])
  })

  it('takes a first version however young it is', async () => {
    vault.bundles.push(bundle('v1', 0))

    expect((await reader().read()).version).toBe('v1')
  })

  it('never looks past a pinned version', async () => {
    vault.bundles.push(bundle('v1', 300 * DAY_MS), bundle('v2', 200 * DAY_MS))

    expect((await reader('v1').read()).version).toBe('v1')
    expect(vault.requests).toEqual(['version signing v1'])
  })

  it('throws a code of its own where the pinned version is gone', async () => {
    expect((await faultOf(() => reader('v9').read())).code).toBe('vault/key_unusable')
  })

  it.each(['keyId', 'cer'] as const)(
    'refuses a certificate without %s: it is not issued yet',
    async (part) => {
      const { [part]: _none, ...rest } = bundle('v1', 30 * DAY_MS)
      vault.bundles.push(rest)

      expect((await faultOf(() => reader().read())).code).toBe('vault/key_unusable')
    },
  )

  it.each<[what: string, facts: Partial<Bundle['properties']>, detail: string]>([
    ['is disabled', { enabled: false }, 'version v1 is disabled'],
    ['has expired', { expiresOn: new Date(START_MS) }, 'version v1 is expired 2026-01-15T12:00:00.000Z'],
    [
      'is not valid yet',
      { notBefore: new Date(START_MS + 1) },
      'version v1 is not valid before 2026-01-15T12:00:00.001Z',
    ],
  ])('refuses a version that %s and says so, pinned or the only one', async (_what, facts, detail) => {
    const one = bundle('v1', 30 * DAY_MS)
    vault.bundles.push({ ...one, properties: { ...one.properties, ...facts } })
    for (const pinned of [undefined, 'v1']) {
      const { code, context } = await faultOf(() => reader(pinned).read())
      expect([code, context.detail]).toEqual(['vault/key_unusable', detail])
    }
  })

  it('refuses a key at another host than the vault it was told', async () => {
    vault.bundles.push({ ...bundle('v1', 30 * DAY_MS), keyId: 'https://evil.example/keys/signing/v1' })

    expect((await faultOf(() => reader().read())).code).toBe('vault/misaddressed')
  })

  it('takes another valid version where the newest one was refused, and asks for it whole', async () => {
    vault.bundles.push(bundle('v1', 300 * DAY_MS), bundle('v2', 200 * DAY_MS))

    expect((await reader().read(new Set(['v2']))).version).toBe('v1')
    expect(vault.requests).toEqual(['latest signing', 'list signing', 'version signing v1'])
  })

  it('stays with a refused version where there is no other, or where it is pinned', async () => {
    vault.bundles.push(bundle('v1', 300 * DAY_MS))
    expect((await reader().read(new Set(['v1']))).version).toBe('v1')
    vault.bundles.push(bundle('v2', 200 * DAY_MS))
    expect((await reader('v2').read(new Set(['v2']))).version).toBe('v2')
  })

  it('takes a certificate without an end for one that does not end', async () => {
    const { expiresOn: _none, ...properties } = bundle('v1', 30 * DAY_MS).properties
    vault.bundles.push({ ...bundle('v1', 0), properties })

    expect((await reader().read()).expiresAtMs).toBe(Number.POSITIVE_INFINITY)
  })
})
