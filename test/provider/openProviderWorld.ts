/**
 * The app with an independent provider in Entra's place: only settings differ, and nothing in the app knows. Vault, identity and
 * tables are the desk's; the look-alike of Entra stands by and is never asked.
 */
import { afterAll, afterEach, expect } from 'vitest'
import { openJourney } from '../support/openJourney.ts'
import type { World } from '../support/openWorld.ts'
import { expectNoSession, type Traces, tracesOf } from '../support/traces.ts'
import type { Visitor } from '../support/visitor.ts'
import { location } from '../support/visitor.ts'
import { type IndependentProvider, openProvider } from './openProvider.ts'
import type { ProviderStrictness } from './providerConfiguration.ts'

const APP_ONLY_CERTIFICATE = 'signet-provider-app-only'
const APP_ONLY_CERTIFICATE_AGE_DAYS = 30

export interface ProviderWorld {
  readonly world: World
  readonly provider: IndependentProvider
  /** Scope of a person's token for the app's own API. */
  readonly apiScope: string
  /** Scope of the token that the second client may have. */
  readonly appOnlyScope: string
  /** How often the provider was asked for this so far. */
  asked(path: string): number
  /** Another instance of the app: it signs an assertion of its own, and knows no keys yet. */
  freshInstance(settings?: Readonly<Record<string, string>>): void
  /** A sign-in by an instance that has not signed anybody in yet: a strict provider takes an assertion once. */
  signIn(visitor: Visitor, loginPath?: string): Promise<void>
  /** Runs `act`; afterwards no session more, and no token request beyond `tokenRequests`. */
  expectNoSignIn(tokenRequests: number, act: () => Promise<void>): Promise<void>
}

export const AUTHORIZE = '/oauth2/v2.0/authorize'
export const TOKEN = '/oauth2/v2.0/token'
export const KEYS = '/discovery/v2.0/keys'

export async function openProviderWorld(strictness?: ProviderStrictness): Promise<ProviderWorld> {
  const world = await openJourney()
  const { desk, origin } = world
  const { clientId, entra, vault, settings } = desk
  const appOnlyClientId = settings.APP_ONLY_CLIENT_ID ?? ''
  const appOnly = await vault.addCertificate(APP_ONLY_CERTIFICATE, {}, APP_ONLY_CERTIFICATE_AGE_DAYS)
  const provider = await openProvider({
    tenantId: entra.tenantId,
    people: entra.people,
    client: {
      clientId,
      keys: [vault.certificate().publicJwk],
      redirectUri: `${origin}/auth/callback`,
      signedOutUri: `${origin}/auth/signed-out`,
    },
    appOnlyClient: {
      clientId: appOnlyClientId,
      keys: appOnly.versions().map(({ publicJwk }) => publicJwk),
    },
    ...(strictness === undefined ? {} : { strictness }),
  })
  const entraRequests = entra.log.length
  afterEach(() => expect(entra.log, 'the look-alike is not asked').toHaveLength(entraRequests))
  afterAll(() => provider.close())

  const apiScope = `api://${clientId}/access_as_user`
  const freshInstance: ProviderWorld['freshInstance'] = (more) =>
    world.replaceInstance({
      ENTRA_AUTHORITY_HOST: provider.origin,
      ENTRA_SCOPES: `openid profile offline_access ${apiScope}`,
      APP_ONLY_CERTIFICATE,
      ...more,
    })
  const asked = (path: string): number => provider.requests.filter((request) => request.path === path).length
  freshInstance()

  return {
    world,
    provider,
    apiScope,
    appOnlyScope: `api://${appOnlyClientId}/.default`,
    asked,
    freshInstance,
    async signIn(visitor, loginPath = '/auth/login') {
      freshInstance()
      const reply = await visitor.signIn(loginPath)
      const returnTo = new URL(loginPath, origin).searchParams.get('returnTo') ?? '/'
      expect([reply.status, location(reply)], provider.refusals.at(-1)).toEqual([303, returnTo])
    },
    async expectNoSignIn(tokenRequests, act) {
      const before: Traces = await tracesOf(world)
      const asksBefore = asked(TOKEN)
      await act()
      expect(asked(TOKEN) - asksBefore, 'token requests').toBe(tokenRequests)
      await expectNoSession(world, before)
    },
  }
}
