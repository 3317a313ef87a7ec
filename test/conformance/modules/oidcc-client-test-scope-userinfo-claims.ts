import { expect } from 'vitest'
import { readSession } from '../../support/screens.ts'
import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-scope-userinfo-claims',
  provider: 'Gives the claims that the scope `profile` stands for, in the ID token.',
  expect: 'signs in',
  afterwards: async ({ world, visitor }) => {
    expect(await readSession(world, visitor)).toMatchObject({
      user: { name: 'Ada Lindqvist', username: 'ada@contoso.example' },
    })
  },
} satisfies ConformanceModule
