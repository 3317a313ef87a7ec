/**
 * An OpenID provider that nobody here wrote (`oidc-provider`, OpenID Certified), on this machine, at the addresses that Entra
 * would have: what our app and our look-alike of Entra agree on, it has its own opinion of. Its clock is the machine's.
 */
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import Provider, { type RequestFault } from 'oidc-provider'
import type { Person } from '../../local/entra/directory/person.ts'
import {
  type ProviderClient,
  type ProviderStrictness,
  providerConfiguration,
} from './providerConfiguration.ts'
import { createProviderStore, type ProviderStore } from './providerStore.ts'

export interface ProviderRequest {
  readonly method: string
  /** Below the tenant's path, without the query. */
  readonly path: string
  readonly status: number
}

export interface IndependentProvider {
  /** `http://127.0.0.1:PORT`: the authority host. */
  readonly origin: string
  readonly issuer: string
  /** Every request so far. */
  readonly requests: readonly ProviderRequest[]
  readonly store: ProviderStore
  /** Why it refused requests, in its own words, in order. */
  readonly refusals: readonly string[]
  /** Signs with another key from now on; the old one is not published any more. */
  rotateSigningKey(): void
  /** A certificate more (or another one) for the client that signs people in. */
  registerKeys(keys: ProviderClient['keys']): void
  /** Revokes whatever it has granted, as an administrator does. */
  forgetGrants(): void
  /** Other rules from now on. */
  judgeBy(rules: ProviderStrictness): void
  close(): Promise<void>
}

interface ProviderOptions {
  readonly tenantId: string
  readonly people: readonly Person[]
  readonly client: ProviderClient
  readonly appOnlyClient: ProviderClient
  readonly strictness?: ProviderStrictness
}

export async function openProvider(options: ProviderOptions): Promise<IndependentProvider> {
  const { tenantId, people, appOnlyClient } = options
  const store = createProviderStore()
  const requests: ProviderRequest[] = []
  const refusals: string[] = []
  const prefix = `/${tenantId}`
  const signInPath = (uid: string): string => `${prefix}/sign-in/${uid}`
  const server = createServer((request, response) => {
    answer(request, response).catch((fault: unknown) => response.writeHead(500).end(String(fault)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const issuer = `${origin}${prefix}/v2.0`

  let { client, strictness = {} } = options
  let signingKey = newSigningKey()
  let provider = start()

  function start(): Provider {
    // The provider has no setting for this: it looks for the assertion in its database, and there finds none.
    if (strictness.takesAssertionsOnce === false) store.forgets.add('ReplayDetection')
    else store.forgets.delete('ReplayDetection')
    const clients = [client, appOnlyClient]
    const setup = { ...strictness, tenantId, people, clients, signingKey, store, signInPath }
    const started = new Provider(issuer, providerConfiguration(setup))
    const note = (_ctx: unknown, { message, error_description, error_detail }: RequestFault): void =>
      void refusals.push([message, error_description, error_detail].filter(Boolean).join(': '))
    for (const event of ['grant.error', 'authorization.error', 'server_error']) started.on(event, note)
    return started
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = request.url ?? '/'
    if (!target.startsWith(`${prefix}/`)) return void response.writeHead(404).end()
    const below = target.slice(prefix.length)
    const [path = ''] = below.split('?')
    response.on('finish', () =>
      requests.push({ method: request.method ?? '', path, status: response.statusCode }),
    )
    if (path.startsWith('/sign-in/')) return askThePerson(provider, request, response)
    // Discovery is below the issuer, everything else beside it: Entra's issuer ends in /v2.0 and its endpoints begin before that.
    request.url = below.startsWith('/v2.0/.well-known/') ? below.slice('/v2.0'.length) : below
    Object.assign(request, { originalUrl: `${prefix}${request.url}` })
    await provider.callback()(request, response)
  }

  return {
    origin,
    issuer,
    requests,
    store,
    refusals,
    rotateSigningKey() {
      signingKey = newSigningKey()
      provider = start()
    },
    registerKeys(keys) {
      client = { ...client, keys }
      provider = start()
    },
    forgetGrants: () => store.clear('RefreshToken'),
    judgeBy(rules) {
      strictness = rules
      provider = start()
    },
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** The pages between authorization request and response: a name is chosen or the person turns back; consent is given where it is asked for. */
async function askThePerson(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt } = await provider.interactionDetails(request, response)
  if (request.method === 'GET') {
    const field =
      prompt.name === 'consent' ? '<input type="hidden" name="consent" value="yes">' : '<input name="person">'
    const form = `<form method="post" action="${request.url}">${field}<button>Go on</button></form>`
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>Who?</title>${form}`)
    return
  }
  const given = new URLSearchParams(await textOf(request))
  const accountId = given.get('person') || undefined
  await provider.interactionFinished(request, response, {
    ...(given.has('consent') ? { consent: {} } : {}),
    ...(accountId === undefined ? {} : { login: { accountId } }),
    ...(given.has('consent') || accountId !== undefined ? {} : { error: 'access_denied' }),
  })
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function newSigningKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' }
}
