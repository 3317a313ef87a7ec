/**
 * The floor: the calls that a sign-in, a look at a session and a call to an API cannot do without, by Node's own HTTP and nothing else. It
 * judges nothing, seals nothing and loses everything when it ends: no app should be like this, and none can be much faster.
 */
import { createHash, randomBytes } from 'node:crypto'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import type { World } from '../stands/world.ts'

const { PORT, PUBLIC_URL, BENCH_WORLD = '{}' } = process.env
const world = JSON.parse(BENCH_WORLD) as World
const authority = `${world.entraOrigin}/${world.tenantId}`
const redirectUri = `${PUBLIC_URL}/auth/callback`
const scope = `openid profile offline_access api://${world.clientId}/access_as_user`
const TABLE = 'signetfloor'
const agents = {
  'http:': new http.Agent({ keepAlive: true }),
  'https:': new https.Agent({ keepAlive: true }),
}

interface Answer {
  readonly status: number
  readonly body: Buffer
}

function ask(
  method: string,
  address: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): Promise<Answer> {
  const url = new URL(address)
  const { request } = url.protocol === 'https:' ? https : http
  const agent = agents[url.protocol as keyof typeof agents]
  return new Promise((resolve, reject) => {
    const length = body === '' ? {} : { 'content-length': Buffer.byteLength(body) }
    request(url, { method, agent, headers: { ...headers, ...length } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }))
    })
      .on('error', reject)
      .end(body)
  })
}

const json = ({ body }: Answer): Record<string, string> => JSON.parse(body.toString())

/** A token of the managed identity, once for each resource. */
const identityTokens = new Map<string, Promise<string>>()
function identityToken(resource: string): Promise<string> {
  const known = identityTokens.get(resource)
  if (known !== undefined) return known
  const query = new URLSearchParams({
    resource,
    'api-version': '2019-08-01',
    client_id: world.identityClientId,
  })
  const header = { 'x-identity-header': process.env.IDENTITY_HEADER ?? '' }
  const token = ask('GET', `${process.env.IDENTITY_ENDPOINT}?${query}`, header).then(
    (answer) => json(answer).access_token ?? '',
  )
  identityTokens.set(resource, token)
  return token
}

/** Signed in the vault, and used for as long as this process lives. */
const assertions = new Map<string, Promise<string>>()
function assertionFor(client: string, certificate: string): Promise<string> {
  const known = assertions.get(client)
  if (known !== undefined) return known
  const made = makeAssertion(client, certificate)
  assertions.set(client, made)
  return made
}

async function makeAssertion(client: string, certificate: string): Promise<string> {
  const authorization = { authorization: `Bearer ${await identityToken('https://vault.azure.net')}` }
  const version = 'api-version=7.6'
  const held = JSON.parse(
    (
      await ask('GET', `${world.vaultUrl}/certificates/${certificate}?${version}`, authorization)
    ).body.toString(),
  ) as { kid: string; cer: string }
  const thumbprint = createHash('sha256').update(Buffer.from(held.cer, 'base64')).digest('base64url')
  const nowSec = Math.floor(Date.now() / 1_000)
  const parts = [
    { alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint },
    {
      iss: client,
      sub: client,
      aud: `${authority}/oauth2/v2.0/token`,
      exp: nowSec + 3_600,
      jti: randomBytes(16).toString('hex'),
    },
  ]
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const value = createHash('sha256').update(text).digest('base64url')
  const body = JSON.stringify({ alg: 'PS256', value })
  const headers = { ...authorization, 'content-type': 'application/json' }
  return `${text}.${json(await ask('POST', `${held.kid}/sign?${version}`, headers, body)).value}`
}

async function tables(method: string, path: string, body?: object): Promise<Answer> {
  const answer = await ask(
    method,
    `${world.tablesUrl}/${path}`,
    {
      authorization: `Bearer ${await identityToken('https://storage.azure.com')}`,
      accept: 'application/json;odata=minimalmetadata',
      'content-type': 'application/json',
      'x-ms-version': '2019-02-02',
      prefer: 'return-no-content',
    },
    body === undefined ? undefined : JSON.stringify(body),
  )
  if (answer.status >= 300 && answer.status !== 404) throw new Error(`tables: ${answer.status}`)
  return answer
}

async function tokens(grant: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const isApp = grant.grant_type === 'client_credentials'
  const client = isApp ? world.appOnlyClientId : world.clientId
  const certificate = isApp ? world.appOnlyCertificateName : world.certificateName
  const form = new URLSearchParams({
    client_id: client,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await assertionFor(client, certificate),
    ...grant,
  })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await ask('POST', `${authority}/oauth2/v2.0/token`, headers, form.toString())
  if (answer.status !== 200) throw new Error(`token endpoint: ${answer.body}`)
  return json(answer)
}

/** The cookie carries the verifier; the state is the cookie's hash. */
function login(response: ServerResponse): void {
  const verifier = randomBytes(32).toString('base64url')
  const hash = createHash('sha256').update(verifier).digest('base64url')
  const query = new URLSearchParams({
    client_id: world.clientId,
    response_type: 'code',
    response_mode: 'form_post',
    redirect_uri: redirectUri,
    scope,
    state: hash,
    nonce: hash,
    code_challenge: hash,
    code_challenge_method: 'S256',
  })
  const cookie = `tx=${verifier}; Path=/; HttpOnly; Secure; SameSite=None`
  response.writeHead(302, { location: `${authority}/oauth2/v2.0/authorize?${query}`, 'set-cookie': cookie })
  response.end()
}

async function callback(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const form = new URLSearchParams(Buffer.concat(chunks).toString())
  const verifier = cookieOf(request, 'tx')
  const state = form.get('state') ?? ''
  if (createHash('sha256').update(verifier).digest('base64url') !== state) {
    response.writeHead(400).end()
    return
  }
  const id = randomBytes(32).toString('base64url')
  const row = (partition: string, name: string, rest: object = {}): Promise<Answer> =>
    tables('POST', TABLE, { PartitionKey: partition, RowKey: name, ...rest })
  await row('spent', state)
  const held = await tokens({
    grant_type: 'authorization_code',
    code: form.get('code') ?? '',
    redirect_uri: redirectUri,
    code_verifier: verifier,
    scope,
  })
  await Promise.all([
    row(id, 'session', { user: claimsOf(held.id_token) }),
    row(`user.${id}`, 'index'),
    row(`sid.${id}`, 'index'),
    row(id, 'grant', grantOf(held)),
  ])
  response.writeHead(303, { location: '/', 'set-cookie': `s=${id}; Path=/; HttpOnly; Secure; SameSite=Lax` })
  response.end()
}

const claimsOf = (idToken = ''): string => Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString()

function grantOf({ access_token, refresh_token, expires_in }: Record<string, string>): object {
  return { access_token, refresh_token, until: Date.now() + Number(expires_in) * 1_000 }
}

function cookieOf(request: IncomingMessage, name: string): string {
  return new RegExp(`\\b${name}=([^;]+)`).exec(request.headers.cookie ?? '')?.[1] ?? ''
}

const rowAt = (partition: string, row: string): string =>
  `${TABLE}(PartitionKey='${partition}',RowKey='${row}')`

/** Both rows of a session, by one request. */
async function rowsOf(id: string): Promise<Record<string, string>[]> {
  const answer = await tables('GET', `${TABLE}()?$filter=PartitionKey%20eq%20'${id}'`)
  return (JSON.parse(answer.body.toString()) as { value: Record<string, string>[] }).value
}

async function look(id: string, response: ServerResponse): Promise<void> {
  const [, session] = await rowsOf(id)
  const body =
    session === undefined
      ? { authenticated: false }
      : { authenticated: true, user: JSON.parse(session.user ?? '{}') }
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

let asApp: Promise<Record<string, string>> | undefined

async function callApi(id: string, kind: string, path: string, response: ServerResponse): Promise<void> {
  let [held = {}] = await rowsOf(id)
  if (kind === 'reports') {
    asApp ??= tokens({ grant_type: 'client_credentials', scope: `api://${world.clientId}/.default` })
    held = await asApp
  } else if (Number(held.until) < Date.now() + 60_000) {
    const { refresh_token = '' } = held
    held = await tokens({ grant_type: 'refresh_token', refresh_token, scope })
    await tables('PUT', rowAt(id, 'grant'), { PartitionKey: id, RowKey: 'grant', ...grantOf(held) })
  }
  const headers = { authorization: `Bearer ${held.access_token}` }
  const { status, body } = await ask('GET', `${world.apiOrigin}/${path}`, headers)
  response.writeHead(status, { 'content-type': 'application/json' }).end(body)
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/'
  if (path === '/auth/login') return login(response)
  if (path === '/auth/callback') return callback(request, response)
  if (path === '/auth/session') return look(cookieOf(request, 's'), response)
  if (path === '/protected/whoami') return void response.writeHead(401).end()
  const [, kind = '', below = ''] = /^\/api\/(\w+)\/(.*)$/.exec(path) ?? []
  if (kind !== '') return callApi(cookieOf(request, 's'), kind, below, response)
  const { status, body } = await ask('GET', `${world.frontEndOrigin}${path}`)
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(body)
}

http
  .createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
    answer(request, response).catch((fault: unknown) => {
      console.error(fault)
      response.writeHead(500).end()
    })
  })
  .listen(Number(PORT), '127.0.0.1')
