/*
 * A look-alike of Microsoft Entra ID for one desk: answers at the wire as Entra does, and verifies what the client sends.
 * `local/`, `test/` and `bench/` may import it; the product never does. Where it knowingly differs from Entra:
 *   - plain HTTP on the loopback address, so its own cookie is SameSite=Lax and not Secure;
 *   - the v1 issuer is {origin}/{tid}/ where Entra's is https://sts.windows.net/{tid}/, and of version 1 it serves metadata and keys alone;
 *   - Microsoft Graph is below /v1.0 of this origin, where Entra's has a host of its own;
 *   - an authorization request must ask for `openid` and `response_type=code`; no personal accounts, no passwords;
 *   - the sentences in `error_description` are its own (the AADSTS numbers are Entra's);
 *   - without `logout_hint` everybody in the browser session is signed out, where Entra would ask whom.
 */
import type { JSONWebKeySet } from 'jose'
import { describeSignIn } from './describeSignIn.ts'
import { type Application, type ApplicationRegistration, createApplication } from './directory/application.ts'
import { cast, fabrikam } from './directory/cast.ts'
import { createConsents } from './directory/consents.ts'
import type { Person } from './directory/person.ts'
import { registerDer } from './directory/registeredCertificate.ts'
import type { Tenant } from './directory/tenant.ts'
import { issuerOf } from './metadata.ts'
import type { EntraRequest } from './requestLog.ts'
import { route } from './routes.ts'
import type { SignatureUse } from './signatures.ts'
import { createSigningKeys } from './signingKeys.ts'
import { createSwitches, type SwitchBoard } from './switches.ts'
import { type MintedAccessToken, mintAccessToken } from './token/mintAccessToken.ts'
import type { Exchange } from './wire/exchange.ts'
import { listen, type RawRequest } from './wire/listen.ts'
import { isOwnHost } from './wire/ownHost.ts'
import { json, type Reply } from './wire/reply.ts'
import type { Guest, World } from './world.ts'

export type EntraOptions = {
  /** GUID of the tenant. */
  readonly tenantId: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly tenantName?: string
  readonly people?: readonly Person[]
  readonly otherTenants?: readonly Tenant[]
  /** 0, the default, takes a free one. */
  readonly port?: number
}

export type EntraLookAlike = {
  /** `http://127.0.0.1:PORT`: the authority host. */
  readonly origin: string
  readonly tenantId: string
  /** `iss` of the tenant's ID tokens. */
  readonly issuer: string
  readonly people: readonly Person[]
  /** Every request since the start, oldest first. */
  readonly log: readonly EntraRequest[]
  readonly switches: SwitchBoard
  /** Every client assertion and every proof of possession since the start, by the key that signed it; oldest first. */
  readonly signatures: readonly SignatureUse[]
  /** Puts a registration in force, in place of an earlier one with the same client id. */
  registerApplication(registration: ApplicationRegistration): void
  /** Adds a certificate to an application; returns its base64url SHA-256 thumbprint. */
  registerCertificate(clientId: string, der: Buffer): string
  removeCertificate(clientId: string, thumbprintS256: string): void
  /** base64url SHA-256 thumbprints of the certificates registered now, oldest first. */
  registeredCertificates(clientId: string): readonly string[]
  /** What Graph calls `id` of the application object. */
  objectIdOf(clientId: string): string
  /** Deactivates an application, or the reverse: no token while it is. */
  setDeactivated(clientId: string, isDeactivated: boolean): void
  /** The next signing key takes over; the old one stays published unless `withdraw` is set. */
  rotateSigningKey(options?: { withdraw?: boolean }): Promise<void>
  /** The keys published now. */
  publishedKeys(): JSONWebKeySet
  /** Signs an access token with chosen claims, for testing whoever accepts tokens. */
  mintAccessToken(token: MintedAccessToken): Promise<string>
  /** Revokes all grants and browser sessions of a person, as an administrator does: refreshing then needs a sign-in. */
  revokeSessions(oid: string): void
  /** Disables a person's account, or enables it again: no sign-in and no token while it is disabled. */
  setDisabled(oid: string, isDisabled: boolean): void
  /** How it stands with a person. Milliseconds since the epoch. */
  standingOf(oid: string): { readonly isDisabled: boolean; readonly revokedAtMs: number | undefined }
  /** Takes back what people agreed to for an API, by its client id. */
  forgetConsents(clientId: string): void
  /** From now on hands requests under the guest's path to it. */
  lodge(guest: Guest): void
  /** The same for a guest that tells of sign-ins: the sign-in page links to it. */
  watch(watcher: Guest): void
  /** One sign-in told in plain lines; the latest without an argument. */
  describeSignIn(signIn?: string): string
  close(): Promise<void>
}

/** Starts a look-alike. Resolves when it listens. */
export async function openEntra(options: EntraOptions): Promise<EntraLookAlike> {
  const log: Exchange['entry'][] = []
  let world: World | undefined
  const answer = async (request: RawRequest): Promise<Reply> =>
    world ? answerIn(world, log, request) : json(503, { error: 'temporarily_unavailable' })
  const { origin, close } = await listen(options.port ?? 0, options.now, answer)
  world = await createWorld(origin, options)
  return lookAlike(world, log, close)
}

async function answerIn(world: World, log: Exchange['entry'][], request: RawRequest): Promise<Reply> {
  if (!isOwnHost(request, world.origin)) return json(421, { error: 'not_this_host' })
  const [path = ''] = request.target.split('?')
  const guest = world.guests.find((each) => path === each.path || path.startsWith(`${each.path}/`))
  return guest === undefined ? route(world, log, request) : guest.answer(request)
}

async function createWorld(origin: string, options: EntraOptions): Promise<World> {
  const first: Tenant = {
    tenantId: options.tenantId.toLowerCase(),
    displayName: options.tenantName ?? 'Contoso',
  }
  const switches = createSwitches()
  return {
    origin,
    now: options.now,
    tenants: [first, ...(options.otherTenants ?? [fabrikam])],
    people: options.people ?? cast,
    applications: new Map(),
    consents: createConsents((appId) => switches.consent.notGivenFor.includes(appId)),
    signingKeys: await createSigningKeys(options.now),
    switches,
    browserSessions: new Map(),
    codes: new Map(),
    refreshGrants: new Map(),
    revocations: new Map(),
    disabled: new Set(),
    seenAssertions: new Set(),
    signatures: [],
    guests: [],
    watcher: undefined,
  }
}

function lookAlike(world: World, log: readonly EntraRequest[], close: () => Promise<void>): EntraLookAlike {
  const applicationOf = (clientId: string) => {
    const application = world.applications.get(clientId.toLowerCase())
    if (!application) throw new RangeError(`No application ${clientId} is registered`)
    return application
  }
  const [{ tenantId }] = world.tenants
  return {
    origin: world.origin,
    tenantId,
    issuer: issuerOf(world, tenantId),
    people: world.people,
    log,
    switches: world.switches,
    signatures: world.signatures,
    registerApplication(registration) {
      const clientId = registration.clientId.toLowerCase()
      const former = world.applications.get(clientId)
      world.applications.set(clientId, createApplication({ ...registration, clientId }, world.now(), former))
    },
    registerCertificate(clientId, der) {
      const certificate = registerDer(der, world.now())
      removeThumbprint(applicationOf(clientId), certificate.thumbprintS256)
      applicationOf(clientId).certificates.set(certificate.keyId, certificate)
      return certificate.thumbprintS256
    },
    removeCertificate: (clientId, thumbprint) => removeThumbprint(applicationOf(clientId), thumbprint),
    registeredCertificates: (clientId) =>
      [...applicationOf(clientId).certificates.values()].map(({ thumbprintS256 }) => thumbprintS256),
    objectIdOf: (clientId) => applicationOf(clientId).objectId,
    setDeactivated(clientId, isDeactivated) {
      applicationOf(clientId).isDeactivated = isDeactivated
    },
    rotateSigningKey: (rotation) => world.signingKeys.rotate(rotation),
    publishedKeys: () => ({ keys: world.signingKeys.published().map(({ jwk }) => jwk) }),
    mintAccessToken: (token) => mintAccessToken(world, token),
    revokeSessions(oid) {
      world.revocations.set(oid, world.now())
      endBrowserSessions(world, oid)
    },
    setDisabled(oid, isDisabled) {
      if (!isDisabled) return void world.disabled.delete(oid)
      world.disabled.add(oid)
      endBrowserSessions(world, oid)
    },
    standingOf: (oid) => ({
      isDisabled: world.disabled.has(oid),
      revokedAtMs: world.revocations.get(oid),
    }),
    forgetConsents: (clientId) => world.consents.forget(clientId),
    lodge: (guest) => void world.guests.push(guest),
    watch(watcher) {
      world.guests.push(watcher)
      world.watcher = watcher
    },
    describeSignIn: (signIn) => describeSignIn(log, signIn),
    close,
  }
}

function removeThumbprint({ certificates }: Application, thumbprint: string): void {
  for (const { keyId, thumbprintS256 } of certificates.values())
    if (thumbprintS256 === thumbprint) certificates.delete(keyId)
}

function endBrowserSessions({ browserSessions }: World, oid: string): void {
  for (const { accounts } of browserSessions.values()) {
    const staying = accounts.filter(({ account }) => account.person.oid !== oid)
    accounts.splice(0, accounts.length, ...staying)
  }
}
