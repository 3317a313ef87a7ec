/** A signed-in page with something in every part of it. */
import { appUrls } from '../../lib/config/urls.ts'
import type { SignedInView } from '../../lib/http/pages/home.ts'

export const VAULT_PROOF = {
  method: 'vault',
  keyId: 'https://contoso.vault.azure.net/keys/signing/5f1c0e8a',
  header: { alg: 'PS256', typ: 'JWT', 'x5t#S256': 'thumbprint' },
  claims: { aud: 'audience', iss: 'issuer', sub: 'subject', jti: 'id', nbf: 1e9, iat: 1e9, exp: 1e9 + 600 },
} as const
export const VIEW: SignedInView = {
  name: 'Ada Lovelace',
  username: 'ada@contoso.example',
  tenantId: '9f7f7b0e-6c0a-4d19-a9f2-3c8e5a1b7d64',
  signedInAtMs: Date.UTC(2026, 2, 1, 9, 30),
  endsAtMs: Date.UTC(2026, 2, 1, 17, 30),
  leftMs: 59 * 60_000 + 59_999,
  leftAtMostMs: 7 * 3_600_000 + 59_000,
  roles: ['Reports.Reader', 'Admin'],
  isBound: false,
  apis: [
    { name: 'orders', state: 'ready' },
    { name: 'stock', state: 'consent', loginUrl: '/auth/login?scope=api%3A%2F%2Fstock%2Fread' },
    { name: 'audit', state: 'role' },
  ],
  sessions: [
    { id: 'b2', device: 'Firefox on Linux', signedInAtMs: 0, usedAtMs: 0, isCurrent: false, isBound: false },
    {
      id: 'c3',
      device: 'unknown device',
      signedInAtMs: 0,
      usedAtMs: 60_000,
      isCurrent: false,
      isBound: false,
    },
    { id: 'a1', device: 'Chrome on Android', signedInAtMs: 0, usedAtMs: 0, isCurrent: true, isBound: false },
  ],
  sessionsNotListed: 0,
  proof: VAULT_PROOF,
  clientAuthentication: { claim: 'azpacr', value: '2' },
  paths: appUrls('').paths,
  entraOrigin: 'https://login.example',
}

/** What a person reads of some markup. */
export function textOf(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&#(\d+);/g, (_match, point) => String.fromCharCode(point))
}
