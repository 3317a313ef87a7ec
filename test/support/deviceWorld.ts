/** People at browsers that bind their sessions, and thieves, for the tests of device-bound sessions. */
import { expect } from 'vitest'
import { type BindingVisitor, newBindingVisitor } from './bindingVisitor.ts'
import type { LogLine, World } from './openWorld.ts'
import { BY_SCRIPT } from './screens.ts'
import { ADA, newVisitor, type Reply, type Visitor } from './visitor.ts'

export interface DeviceWorld {
  url(path: string): string
  /** GET /auth/session, as a front end asks. */
  look(visitor: Visitor): Promise<Reply>
  /** Signed in; the next look is offered to bind the session. */
  signedIn(choice?: typeof ADA): Promise<BindingVisitor>
  /** Signed in and bound, and the bound cookie was shown. */
  bound(choice?: typeof ADA): Promise<BindingVisitor>
  /** Another browser with copies of all cookies that this one has now, or of the named ones, which it keeps whatever their end. */
  thiefOf(visitor: Visitor, names?: readonly string[]): Visitor
  events(name: string): readonly LogLine[]
  /** The calls of the table that this makes. */
  callsOf(act: () => Promise<unknown>): Promise<readonly string[]>
}

export function deviceWorld(world: World): DeviceWorld {
  const url = (path: string): string => `${world.origin}${path}`
  const look = (visitor: Visitor): Promise<Reply> =>
    visitor.ask(url('/auth/session'), { from: world.origin, headers: BY_SCRIPT })

  async function signedIn(choice = ADA): Promise<BindingVisitor> {
    const visitor = newBindingVisitor(world.origin)
    await visitor.signIn('/auth/login', choice)
    return visitor
  }

  return {
    url,
    look,
    signedIn,
    async bound(choice) {
      const visitor = await signedIn(choice)
      await look(visitor)
      expect(JSON.parse((await look(visitor)).text)).toMatchObject({
        authenticated: true,
        deviceBound: true,
      })
      return visitor
    },
    thiefOf(visitor, names = [...visitor.appCookies.keys()]) {
      const thief = newVisitor(world.origin)
      for (const name of names) {
        const { value, sameSite } = visitor.appCookies.get(name) ?? { value: '', sameSite: 'Lax' }
        thief.appCookies.set(name, { value, sameSite })
      }
      return thief
    },
    events: (name) => world.logs.filter(({ event }) => event === name),
    async callsOf(act) {
      const before = world.desk.tables.requests.length
      await act()
      return world.desk.tables.requests.slice(before).map(({ operation }) => operation)
    },
  }
}
