/** The certificate credential as it is put together: whose tokens it waits for, which version it reads, and who is blamed for a wait. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createCertificateCredential } from '../../../lib/credential/certificateCredential.ts'
import type { SharedIdentity } from '../../../lib/credential/sharedIdentity.ts'
import { CLIENT } from '../../support/configOf.ts'
import { TOKEN_ENDPOINT } from '../../support/credentialWorld.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'
import { shortenDeadline } from '../../support/shortenDeadline.ts'

const seen = vi.hoisted(() => ({ calls: [] as string[], versions: ['v1'], refusals: 0 }))
const DAY_MS = 24 * 3_600_000

// The wire has tests of its own; here the vault is a list of versions, oldest first, that signs whatever it is given.
vi.mock('@azure/keyvault-certificates', () => ({
  CertificateClient: class {
    readonly origin: string
    constructor(url: string) {
      this.origin = new URL(url).origin
    }
    getCertificate(name: string) {
      return this.getCertificateVersion(name, seen.versions.at(-1) ?? '')
    }
    async getCertificateVersion(name: string, version: string) {
      seen.calls.push(`certificate ${version}`)
      if (seen.refusals-- > 0) throw Object.assign(new Error('not allowed'), { statusCode: 403 })
      const keyId = `${this.origin}/keys/${name}/${version}`
      return { keyId, cer: new TextEncoder().encode(version), properties: propertiesOf(version) }
    }
    async *listPropertiesOfCertificateVersions() {
      for (const version of seen.versions) yield propertiesOf(version)
    }
  },
}))
vi.mock('@azure/keyvault-keys', () => ({
  CryptographyClient: class {
    async sign() {
      seen.calls.push('sign')
      return { result: Uint8Array.of(1) }
    }
  },
}))

function propertiesOf(version: string) {
  const [createdOn, expiresOn] = [new Date(START_MS - 30 * DAY_MS), new Date(START_MS + 30 * DAY_MS)]
  return { version, enabled: true, createdOn, expiresOn }
}

/** An identity that is known to be shared, and says when it was waited for. */
function sharedIdentity(over: Partial<SharedIdentity> = {}): SharedIdentity {
  return {
    getToken: async () => ({ token: 'token', expiresOnTimestamp: START_MS + DAY_MS }),
    ready: async (scope) => void seen.calls.push(`ready ${scope}`),
    renew: async (scope) => void seen.calls.push(`renew ${scope}`),
    isAwaited: () => false,
    ...over,
  }
}

function credentialOf(
  identity: Parameters<typeof createCertificateCredential>[0]['identity'],
  url = 'https://contoso.vault.azure.net',
  certificateVersion?: string,
  more: Partial<Parameters<typeof createCertificateCredential>[0]> = {},
) {
  const pinned = certificateVersion === undefined ? {} : { certificateVersion }
  const vault = { url, certificate: 'signing', ...pinned }
  return createCertificateCredential({ clientId: CLIENT, vault, identity, effects: heldEffects(), ...more })
}

beforeEach(() => {
  seen.calls.length = 0
  seen.versions = ['v1']
  seen.refusals = 0
})

describe('before each call of the vault', () => {
  it.each(['vault.azure.net', 'managedhsm.azure.net', 'vault.azure.cn', 'vault.usgovcloudapi.net'])(
    'a token for %s is at hand, so that a slow identity does not use up the vault’s time',
    async (domain) => {
      await credentialOf(sharedIdentity(), `https://contoso.${domain}`).assertionFor(TOKEN_ENDPOINT)

      const ready = `ready https://${domain}/.default`
      expect(seen.calls).toEqual([ready, 'certificate v1', ready, 'sign'])
    },
  )

  it.each([
    'https://contoso.vault.azure.net.example.org',
    'https://contoso.notvault.azure.net',
    'https://a.contoso.vault.azure.net',
    'https://localhost:8443',
  ])(
    'no token is asked for that %s might not be meant to see: the vault has to say which it takes',
    async (url) => {
      await credentialOf(sharedIdentity(), url).assertionFor(TOKEN_ENDPOINT)

      expect(seen.calls).toEqual(['certificate v1', 'sign'])
    },
  )

  it('an identity that lives in several tenants is not asked: only the vault knows its tenant', async () => {
    const getToken = vi.fn(async () => null)
    await credentialOf({ getToken }).assertionFor(TOKEN_ENDPOINT)

    expect(seen.calls).toEqual(['certificate v1', 'sign'])
    expect(getToken).not.toHaveBeenCalled()
  })
})

describe('the version', () => {
  it('that is pinned is the one that signs, whatever is newer', async () => {
    seen.versions = ['v1', 'v2']
    const pinned = credentialOf(sharedIdentity(), undefined, 'v1')
    const newest = credentialOf(sharedIdentity())

    expect((await pinned.assertionFor(TOKEN_ENDPOINT)).proof.certificate?.version).toBe('v1')
    expect((await newest.assertionFor(TOKEN_ENDPOINT)).proof.certificate?.version).toBe('v2')
  })

  it('that Entra refused gives way to another valid one', async () => {
    seen.versions = ['v1', 'v2']
    const credential = credentialOf(sharedIdentity())
    const refused = await credential.assertionFor(TOKEN_ENDPOINT)
    const other = await credential.alternativeTo(refused, TOKEN_ENDPOINT)

    expect([refused, other].map((one) => one?.proof.certificate?.version)).toEqual(['v2', 'v1'])
  })
})

describe('a refusal of the vault (403)', () => {
  const vaultScope = 'https://vault.azure.net/.default'

  it('has the token asked for anew and is waited out, where the app may have just been deployed', async () => {
    seen.refusals = 1
    const credential = credentialOf(sharedIdentity(), undefined, 'v1', { isPatient: true })

    expect((await credential.assertionFor(TOKEN_ENDPOINT)).proof.certificate?.version).toBe('v1')
    expect(seen.calls.slice(0, 5)).toEqual([
      `ready ${vaultScope}`,
      'certificate v1',
      `renew ${vaultScope}`,
      `ready ${vaultScope}`,
      'certificate v1',
    ])
  })

  it('is told at once to whoever looks for faults, and nothing is asked anew', async () => {
    seen.refusals = 1
    const fault = await faultOf(() =>
      credentialOf(sharedIdentity(), undefined, 'v1').assertionFor(TOKEN_ENDPOINT),
    )

    expect(fault.code).toBe('vault/forbidden')
    expect(seen.calls.filter((call) => call.startsWith('renew'))).toEqual([])
  })

  it('of an address that is no vault’s has no token asked for anew that it might not be meant to see', async () => {
    seen.refusals = 1
    const credential = credentialOf(sharedIdentity(), 'https://localhost:8443', 'v1', { isPatient: true })
    await credential.assertionFor(TOKEN_ENDPOINT)

    expect(seen.calls).toEqual(['certificate v1', 'certificate v1', 'sign'])
  })
})

it('where the certificate is exchanged by itself, the version signs that the rotation names, from one moment to the next', async () => {
  seen.versions = ['v1', 'v2']
  let signs = 'v1'
  const nameVersions = async () => ({ signs, instead: [], barred: new Set<string>() })
  const credential = credentialOf(sharedIdentity(), undefined, undefined, { nameVersions })
  const first = await credential.assertionFor(TOKEN_ENDPOINT)
  signs = 'v2'
  const second = await credential.assertionFor('https://other.example/token')

  expect([first, second].map(({ proof }) => proof.certificate?.version)).toEqual(['v1', 'v2'])
})

describe('a wait that is too long', () => {
  it.each([
    [true, 'identity/unavailable', 'deadline'],
    [false, 'vault/timeout', 'certificate and signature'],
  ])('for an identity that is asked (%s) is %s', async (isAwaited, code, detail) => {
    shortenDeadline(6_000, 10)
    const identity = sharedIdentity({ ready: () => new Promise(() => {}), isAwaited: () => isAwaited })
    const fault = await faultOf(() => credentialOf(identity).assertionFor(TOKEN_ENDPOINT))

    expect([fault.code, fault.context.detail]).toEqual([code, detail])
    expect(seen.calls).toEqual([])
  })
})
