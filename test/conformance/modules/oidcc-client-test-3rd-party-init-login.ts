import { expect } from 'vitest'
import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-3rd-party-init-login',
  provider: 'Sends the person to the client to sign in (`iss`, `login_hint`, `target_link_uri`).',
  course: async ({ world, entra, visitor }) => {
    const query = new URLSearchParams({
      iss: entra.issuer,
      login_hint: 'ada@contoso.example',
      target_link_uri: `${world.origin}/orders`,
    })
    const begun = await visitor.ask(`${world.origin}/auth/login?${query}`, { from: entra.origin })
    const authorize = begun.headers.get('location') ?? ''
    expect(new URL(authorize).searchParams.get('login_hint')).toBe('ada@contoso.example')
    return visitor.post(await visitor.atEntra(authorize))
  },
  expect: 'signs in',
} satisfies ConformanceModule
