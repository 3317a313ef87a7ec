import { callApi } from '../callApi.ts'
import type { ConformanceModule } from '../conformanceModule.ts'
import { signIn } from '../signOut.ts'

export default {
  name: 'oidcc-client-test-refresh-token-invalid-sub',
  provider: 'Names somebody else in the ID token of a refresh.',
  course: async (stage) => {
    await signIn(stage)
    stage.entra.switches.idToken.override = { sub: 'somebody-else' }
    return callApi(stage)
  },
  expect: 'entra/id_token_rejected',
  rule: 'refreshed for somebody else',
  isRefusedAtRefresh: true,
} satisfies ConformanceModule
