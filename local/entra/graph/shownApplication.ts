/** An application as Graph shows it. */
import type { Application } from '../directory/application.ts'
import type { RegisteredCertificate } from '../directory/registeredCertificate.ts'
import type { World } from '../world.ts'

/**
 * The members selected, or all. Certificates show their bytes only where `keyCredentials` is selected by name. What changed lately is not
 * seen while the switch for that delay is on.
 */
export function shownApplication(
  world: World,
  application: Application,
  select: string | undefined,
): Record<string, unknown> {
  const selected = select?.split(',')
  const seenAtMs = world.now() - world.switches.graph.readDelayMs
  const removed = application.removedCertificates.filter(({ atMs }) => atMs > seenAtMs)
  const certificates = [...application.certificates.values(), ...removed.map((one) => one.certificate)]
  const all = {
    id: application.objectId,
    appId: application.clientId,
    displayName: application.displayName,
    createdDateTime: new Date(application.createdAtMs).toISOString(),
    isDisabled: application.isDeactivated || null,
    keyCredentials: certificates
      .filter(({ registeredAtMs }) => registeredAtMs <= seenAtMs)
      .map((one) => shownKey(one, selected?.includes('keyCredentials') === true)),
    passwordCredentials: application.clientSecret === undefined ? [] : [shownSecret(application)],
  }
  return selected === undefined
    ? all
    : Object.fromEntries(Object.entries(all).filter(([name]) => selected.includes(name)))
}

/** An entry of `keyCredentials`; `withKey`: with the certificate itself. */
export function shownKey(certificate: RegisteredCertificate, withKey: boolean): object {
  return {
    customKeyIdentifier: Buffer.from(certificate.thumbprintSha1, 'base64url').toString('base64'),
    displayName: certificate.displayName ?? null,
    endDateTime: new Date(certificate.notAfterMs).toISOString(),
    key: withKey ? certificate.der.toString('base64') : null,
    keyId: certificate.keyId,
    startDateTime: new Date(certificate.notBeforeMs).toISOString(),
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
  }
}

function shownSecret({ objectId, createdAtMs, clientSecret }: Application): object {
  return {
    customKeyIdentifier: null,
    displayName: null,
    endDateTime: new Date(createdAtMs + 365 * 86_400_000).toISOString(),
    hint: clientSecret?.slice(0, 3) ?? null,
    keyId: objectId,
    secretText: null,
    startDateTime: new Date(createdAtMs).toISOString(),
  }
}
