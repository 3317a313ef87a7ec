import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-test-invalid-openbanking-intent-id',
  provider: 'Names another intent than the one asked for.',
  applies: false,
  reason: 'Of the profile of Open Banking UK alone.',
} satisfies ConformanceModule
