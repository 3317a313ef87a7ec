import { newVisitor } from '../../support/visitor.ts'
import type { ConformanceModule } from '../conformanceModule.ts'
import { LOGIN } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-signing-key-rotation',
  provider: 'Signs with another key at the second sign-in.',
  course: async ({ world, entra, visitor }) => {
    await newVisitor(world.origin).signIn(LOGIN)
    await entra.rotateSigningKey({ withdraw: true })
    await entra.rotateSigningKey({ withdraw: true })
    return visitor.signIn(LOGIN)
  },
  expect: 'signs in',
} satisfies ConformanceModule
