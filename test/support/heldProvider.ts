import type { EntraUrls } from '../../lib/config/urls.ts'

export interface HeldProvider {
  readonly fetch: typeof globalThis.fetch
  /** Every URL that was asked for, in order. */
  readonly requests: string[]
  /** What discovery says; a test may change it. */
  metadata: Record<string, unknown>
  /** What the keys URL says. */
  keys: readonly unknown[]
  /** Takes the place of every answer while it is set. */
  instead: ((url: string) => Promise<Response> | Response) | undefined
}

/** Discovery and keys of a provider that answers in the test's own process. */
export function heldProvider({
  origin,
  issuerTemplate,
  metadata,
  authorization,
  token,
}: EntraUrls): HeldProvider {
  const jwksUri = `${origin}/discovery/v2.0/keys`
  const provider: HeldProvider = {
    requests: [],
    metadata: {
      issuer: issuerTemplate,
      authorization_endpoint: authorization,
      token_endpoint: token,
      jwks_uri: jwksUri,
    },
    keys: [],
    instead: undefined,
    fetch: async (input) => {
      const url = String(input)
      provider.requests.push(url)
      if (provider.instead !== undefined) return provider.instead(url)
      if (url === metadata) return Response.json(provider.metadata)
      if (url === provider.metadata.jwks_uri) return Response.json({ keys: provider.keys })
      return new Response('nothing here', { status: 404 })
    },
  }
  return provider
}
