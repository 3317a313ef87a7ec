import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-test-rs-dpop-auth-scheme-case-insensitivity',
  provider: 'Writes the scheme of DPoP in its own case.',
  applies: false,
  reason: 'Access tokens are bearer tokens: Entra binds none by DPoP.',
} satisfies ConformanceModule
