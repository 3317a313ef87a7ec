import { callApi } from '../callApi.ts'
import type { ConformanceModule } from '../conformanceModule.ts'
import { signIn } from '../signOut.ts'

export default {
  name: 'oidcc-client-test-refresh-token-invalid-issuer',
  provider: 'Names another issuer in the ID token of a refresh.',
  course: async (stage) => {
    await signIn(stage)
    stage.entra.switches.idToken.flaw = 'invalid-iss'
    return callApi(stage)
  },
  expect: 'entra/id_token_rejected',
  rule: 'iss',
  isRefusedAtRefresh: true,
} satisfies ConformanceModule
