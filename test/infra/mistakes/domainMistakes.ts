import type { Mistake } from './mistake.ts'

/** Mistakes in a domain of one's own. */
export const DOMAIN_MISTAKES: readonly Mistake[] = [
  {
    what: 'a name that is left without TLS',
    file: 'domain/tls.bicep',
    right: "    sslState: 'SniEnabled'\n",
    wrong: "    sslState: 'Disabled'\n",
    finding: /signin\.example\.com is left without TLS/,
  },
  {
    what: 'a certificate that is shared with other apps, which this plan cannot use',
    file: 'domain/domain.bicep',
    right: "'Microsoft.Web/sites/certificates@2025-03-01' = {\n  parent: app\n",
    wrong: "'Microsoft.Web/certificates@2025-03-01' = {\n",
    finding: /0 certificates of the app/,
  },
]
