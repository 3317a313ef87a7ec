// Key Vault on a desk: the REST interface over TLS for one vault name, with RBAC, versions and remote signing. Its keys are
// not exportable: they sign digests, and no route reveals or uses them in any other way.

import type { IdentityStub } from '../identity/openIdentity.ts'
import type { Authority, Issuer } from '../pki.ts'
import type { StubOptions, StubServer } from '../stubServer.ts'
import { openStubServer } from '../stubServer.ts'
import { certificateCreations } from './certificateCreation.ts'
import type { CertificatePolicy, CertificateSeries, VaultCertificate } from './certificateSeries.ts'
import { createCertificateSeries } from './certificateSeries.ts'
import { deletedCertificates } from './deletedCertificates.ts'
import type { VaultOperation, VaultPermission } from './vaultRoute.ts'
import { createVaultService } from './vaultService.ts'

const HOST = 'signet-desk.vault.azure.net'

/** A running vault. `disable`, `versions` and `certificate` speak of the certificate it was opened with, and so does `rotate` by default. */
export type VaultStub = StubServer<VaultOperation> & {
  readonly url: string
  readonly certificateName: string
  /** What the callers' role assignments allow; `certificates/create/action` is not among them at first. */
  readonly permissions: Set<VaultPermission>
  /** By object id: what the role assignments of a caller allow who has others. */
  readonly roles: Map<string, ReadonlySet<VaultPermission>>
  /** A version, by default the newest. */
  certificate(version?: string): VaultCertificate
  /** Oldest first. */
  versions(): readonly VaultCertificate[]
  rotate(name?: string, changed?: Partial<CertificatePolicy>): Promise<VaultCertificate>
  disable(version: string): void
  enable(version: string): void
  /** Those that the vault has an account with, by name; a policy that names one has its certificates issued there. */
  readonly issuers: Map<string, Issuer>
  /** Another certificate beside the first, made just now, or so many days ago. */
  addCertificate(
    name: string,
    policy?: Partial<CertificatePolicy>,
    ageDays?: number,
  ): Promise<CertificateSeries>
}

/** How a vault is opened. Its first certificate version is `firstVersionAgeDays` old (30 unless told). */
export type VaultOptions = StubOptions<VaultOperation> & {
  readonly authority: Authority
  /** Issued the tokens that callers present. */
  readonly identity: Pick<IdentityStub, 'verify'>
  readonly certificateName?: string
  readonly policy?: Partial<CertificatePolicy>
  readonly firstVersionAgeDays?: number
  readonly tenantId?: string
  /** Items of a list in one answer; Key Vault gives 25. */
  readonly pageSize?: number
}

/** Opens the vault on 127.0.0.1 under the host name `signet-desk.vault.azure.net`, which clients must map to its port. */
export async function openVault(options: VaultOptions): Promise<VaultStub> {
  const {
    authority,
    identity,
    certificateName = 'signet',
    now = Date.now,
    firstVersionAgeDays = 30,
  } = options
  const { tenantId = '00000000-0000-0000-0000-000000000000', pageSize = 25 } = options
  const url = `https://${HOST}`
  const permissions = new Set<VaultPermission>(['certificates/read', 'keys/read', 'keys/sign/action'])
  const roles = new Map<string, ReadonlySet<VaultPermission>>()
  const certificates = new Map<string, CertificateSeries>()
  const issuers = new Map<string, Issuer>()

  /** Without an age there is no version yet. */
  async function open(
    name: string,
    policy: Partial<CertificatePolicy>,
    ageDays: number | undefined,
  ): Promise<CertificateSeries> {
    const opened = await createCertificateSeries({
      vaultUrl: url,
      name,
      policy: { subject: `CN=${name}`, keySize: 2048, validityDays: 365, ...policy },
      now,
      firstCreatedAt: ageDays === undefined ? undefined : now() - ageDays * 86_400_000,
      issuers,
    })
    certificates.set(name, opened)
    return opened
  }
  const add = (name: string, policy: Partial<CertificatePolicy> = {}, ageDays = 0) =>
    open(name, policy, ageDays)

  function seriesOf(name: string): CertificateSeries {
    const found = certificates.get(name)
    if (found === undefined) throw new Error(`There is no certificate ${name}`)
    return found
  }

  const first = await add(certificateName, options.policy, firstVersionAgeDays)
  const creations = certificateCreations(url, {
    isIssuer: (name) => name === 'Self' || issuers.has(name),
    make: async (name, policy) => void (await (certificates.get(name)?.rotate(policy) ?? add(name, policy))),
    adopt: async (name, issued, policy) =>
      void (certificates.get(name) ?? (await open(name, policy, undefined))).adopt(issued, policy),
  })
  const deleted = deletedCertificates(url, certificates, now)

  const service = createVaultService({
    url,
    tenantId,
    pageSize,
    now,
    identity,
    permissionsOf: (objectId) => roles.get(objectId) ?? permissions,
    certificates,
    creations,
    deleted,
  })
  const server = await openStubServer(service, { ...options, tls: authority.issueServer({ names: [HOST] }) })

  return {
    ...server,
    url,
    certificateName,
    permissions,
    roles,
    certificate(version) {
      const found = first.find(version)
      if (found === undefined) throw new Error(`Certificate ${certificateName} has no version ${version}`)
      return found
    },
    versions: first.versions,
    async rotate(name = certificateName, changed = {}) {
      const series = seriesOf(name)
      const policy = series.find()?.policy
      return series.rotate(policy && { ...policy, ...changed })
    },
    disable: first.disable,
    enable: first.enable,
    issuers,
    addCertificate: add,
  }
}
