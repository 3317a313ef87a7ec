import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-test-happy-path-no-dpop-nonce',
  provider: 'Behaves as FAPI 2.0 has it, without a nonce for DPoP.',
  applies: false,
  reason:
    'The whole of FAPI 2.0 asks for pushed authorization requests (RFC 9126) and sender-constrained tokens, and Entra offers neither to a web client.',
} satisfies ConformanceModule
