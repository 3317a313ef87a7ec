import { newVisitor } from '../../support/visitor.ts'
import type { ConformanceModule } from '../conformanceModule.ts'
import { LOGIN } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-signing-key-rotation-just-before-signing',
  provider: 'Changes its key between the look at its keys and the ID token.',
  course: async ({ world, entra, visitor }) => {
    await newVisitor(world.origin).signIn(LOGIN)
    await entra.rotateSigningKey({ withdraw: true })
    entra.switches.keys.rotateBeforeSigning = true
    return visitor.signIn(LOGIN)
  },
  expect: 'signs in',
} satisfies ConformanceModule
