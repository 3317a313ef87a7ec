import type { ConformanceModule } from '../conformanceModule.ts'
import { LOGIN } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-form-post-error',
  provider: 'Answers `prompt=none` with `login_required`, by a form.',
  course: ({ visitor }) => visitor.signIn(`${LOGIN}&prompt=none`),
  expect: 'entra/interaction_required',
  rule: 'login_required',
  isRefusedAtOnce: true,
} satisfies ConformanceModule
