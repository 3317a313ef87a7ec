import { getCACertificates, setDefaultCACertificates } from 'node:tls'

/**
 * Makes every TLS client of this process trust one more authority (PEM) and keep verifying all the rest.
 * A process that is yet to start is told by `NODE_EXTRA_CA_CERTS` instead. Needs Node 24.5.
 */
export function trustAuthority(certPem: string): void {
  setDefaultCACertificates([...getCACertificates('default'), certPem])
}
