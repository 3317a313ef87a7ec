import { describe, expect, it } from 'vitest'
import { isHarmlessHeader } from '../../../lib/config/harmlessHeader.ts'

/** Each with where such a name did harm or is trusted. */
const HARMFUL: readonly (readonly [name: string, source: string])[] = [
  ['authorization', 'RFC 9110 section 11.6.2'],
  ['proxy-authorization', 'RFC 9110 section 11.7.2'],
  ['proxy-connection', 'hop by hop by custom'],
  ['cookie', 'RFC 6265'],
  ['cookie2', 'RFC 2965'],
  ['set-cookie', 'RFC 6265'],
  ['set-cookie2', 'RFC 2965'],
  ['host', 'RFC 9110 section 7.2'],
  ['connection', 'RFC 9110 section 7.6.1'],
  ['keep-alive', 'RFC 9110 section 7.6.1'],
  ['te', 'RFC 9110 section 10.1.4'],
  ['trailer', 'RFC 9110 section 6.6.2'],
  ['transfer-encoding', 'RFC 9112 section 6.1, request smuggling'],
  ['content-length', 'RFC 9112 section 6.2, request smuggling'],
  ['upgrade', 'RFC 9110 section 7.8'],
  ['via', 'RFC 9110 section 7.6.3'],
  ['forwarded', 'RFC 7239'],
  ['x-forwarded-for', 'RFC 7239'],
  ['x-forwarded-user', 'CVE-2025-64484'],
  ['x-forwarded-preferred-username', 'oauth2-proxy'],
  ['x-forwarded-access-token', 'oauth2-proxy'],
  ['x-forwarded-host', 'host header attacks'],
  ['x-original-url', 'path confusion in IIS and Symfony'],
  ['x-rewrite-url', 'path confusion in IIS and Symfony'],
  ['x-original-host', 'Application Gateway'],
  ['x-http-method-override', 'method confusion'],
  ['x-http-method', 'method confusion'],
  ['x-method-override', 'method confusion'],
  ['x-ms-client-principal', 'App Service authentication'],
  ['x-ms-client-principal-id', 'App Service authentication'],
  ['x-ms-token-aad-access-token', 'App Service authentication'],
  ['x-arr-clientcert', 'App Service client certificates'],
  ['x-client-cert', 'client certificates behind a proxy'],
  ['ssl-client-cert', 'client certificates behind a proxy'],
  ['client-cert', 'RFC 9440'],
  ['x-functions-key', 'Azure Functions'],
  ['x-azure-ref', 'Front Door'],
  ['x-real-ip', 'nginx'],
  ['x-client-ip', 'proxies'],
  ['true-client-ip', 'proxies'],
  ['cf-connecting-ip', 'proxies'],
  ['x-auth-request-user', 'oauth2-proxy'],
  ['x-amzn-oidc-data', 'load balancers'],
  ['x-goog-iap-jwt-assertion', 'load balancers'],
  ['x-envoy-original-path', 'Envoy'],
  ['remote-user', 'CGI'],
  ['sec-fetch-site', 'Fetch Metadata'],
  ['origin', 'Fetch standard'],
  ['x-csrf', 'our own defence'],
  ['access-control-allow-origin', 'Fetch standard'],
  ['clear-site-data', 'of an API, for our origin'],
  ['strict-transport-security', 'of an API, for our origin'],
  ['content-security-policy', 'of an API, for our origin'],
  ['service-worker-allowed', 'of an API, for our origin'],
  ['location', 'rewritten or dropped'],
  ['dpop', 'RFC 9449'],
  ['signature-input', 'RFC 9421'],
]

describe('a header that an operator may let through', () => {
  it.each(['x-contoso-region', 'x-total-count', 'api-version', 'x-request-id', 'x-api-version', 'baggage'])(
    'is harmless: %s',
    (name) => {
      expect(isHarmlessHeader(name)).toBe(true)
    },
  )

  it.each(HARMFUL)('is never %s (%s), in any spelling', (name) => {
    const spellings = [
      name,
      name.toUpperCase(),
      name.replaceAll('-', '_'),
      name.replaceAll('-', ''),
      ` ${name}`,
      `${name} `,
    ]

    for (const spelling of [
      ...spellings,
      name.replaceAll('-', '--'),
      `${name}-`,
      `-${name}`,
      `${name}:`,
      `${name}\r\n`,
    ])
      expect([spelling, isHarmlessHeader(spelling)]).toEqual([spelling, false])
  })

  it.each(['', '1', 'x'.repeat(65), 'x-ü', 'x y', 'x\u0000', 'x.y', 'x_y', 'X-Count'])(
    'is no name at all: %j',
    (name) => {
      expect(isHarmlessHeader(name)).toBe(false)
    },
  )
})
