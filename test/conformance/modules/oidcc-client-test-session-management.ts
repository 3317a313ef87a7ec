import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-session-management',
  provider: 'Tells in a frame whether its session has changed.',
  applies: false,
  reason: 'Entra has no `check_session_iframe`, and browsers keep its cookies from such a frame.',
} satisfies ConformanceModule
