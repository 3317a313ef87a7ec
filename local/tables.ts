// Azure Table Storage on a desk: Azurite's table service in this process, in memory, behind our own TLS listener. Azurite
// reads a bearer token without verifying who signed it, and would take the well-known account key: the listener takes only
// tokens of the managed-identity endpoint. Audience and lifetime are then Azurite's to judge, by the real clock.

import type { IncomingMessage, RequestListener } from 'node:http'
import { loadAzuriteParts } from './azuriteParts.ts'
import type { IdentityStub } from './identity/openIdentity.ts'
import type { Authority } from './pki.ts'
import type { Admission, Answer, StubOptions, StubServer } from './stubServer.ts'
import { openStubServer } from './stubServer.ts'

const ACCOUNT = 'devstoreaccount1'
const OAUTH_BASIC = 0
/** Rows are this short, but for what is sealed. */
const LONGEST_LOOK = 65_536
/** What a row is for, by the beginning of its partition key. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['due-', 'marker'],
  ['user.', 'index of the person'],
  ['sid.', 'index of the Entra session'],
])

/** The rows of one session, looked for together: a partition of that name holds nothing else. */
export const BOTH_ROWS = 'session and grant'

/** What a request does to tables or entities. */
export type TableOperation =
  | 'create table'
  | 'list tables'
  | 'delete table'
  | 'insert'
  | 'read'
  | 'query'
  | 'replace'
  | 'merge'
  | 'delete'
  | 'batch'
  | 'refused'

/** A running table service; clients take `url`. Its faults come before Azurite sees a request. */
export type TablesStub = StubServer<TableOperation> & { readonly url: string }

/** Opens the table service of the account `devstoreaccount1` on 127.0.0.1, empty. */
export async function openTables(
  options: StubOptions<TableOperation> & {
    readonly authority: Authority
    /** Issued the tokens that callers present. */
    readonly identity: Pick<IdentityStub, 'verify'>
  },
): Promise<TablesStub> {
  const { authority, identity } = options
  const azurite = await startAzurite()

  const server = await openStubServer<TableOperation, Admission<TableOperation>>(
    {
      origin: 'https://127.0.0.1',
      async admit(request, url) {
        const operation = readOperation(request.method ?? '', url.pathname)
        if (operation === 'insert') return watchRow(request)
        const isOfSession = /^PartitionKey eq '[\w-]{43}'$/.test(url.searchParams.get('$filter') ?? '')
        return isOfSession ? { operation, detail: BOTH_ROWS } : { operation }
      },
      async answer(_admitted, request, response) {
        const refusal = await refusalOf(request, identity)
        if (refusal === undefined) azurite.handle(request, response)
        return refusal
      },
      faultBody: (kind) => faultBodies[kind],
    },
    { ...options, tls: authority.issueServer({ names: ['127.0.0.1', 'localhost'] }) },
  )

  return {
    ...server,
    url: `https://127.0.0.1:${server.port}/${ACCOUNT}`,
    async close() {
      await server.close()
      await azurite.close()
    },
  }
}

/** Azurite's own server without its listener. */
async function startAzurite(): Promise<{ handle: RequestListener; close(): Promise<void> }> {
  const { AccountDataStore, Logger, LokiTableMetadataStore, TableRequestListenerFactory } =
    await loadAzuriteParts()
  const accounts = new AccountDataStore(Logger)
  const entities = new LokiTableMetadataStore('', true)
  await accounts.init()
  await entities.init()
  const listeners = new TableRequestListenerFactory(
    ...[entities, accounts],
    ...[false, undefined], // no access log
    true, // whatever API version the client speaks
    OAUTH_BASIC,
    true, // the account is in the path
  )
  return {
    handle: listeners.createRequestListener(),
    async close() {
      await entities.close()
      await accounts.close()
    },
  }
}

/** Says the kind of the row that is inserted, once its first bytes have come: they pass on to Azurite as they are. */
function watchRow(request: IncomingMessage): Admission<TableOperation> {
  let seen = ''
  const push = request.push.bind(request)
  request.push = (chunk, encoding) => {
    if (chunk !== null && seen.length < LONGEST_LOOK) seen += Buffer.from(chunk).toString('latin1')
    return push(chunk, encoding)
  }
  return {
    operation: 'insert',
    get detail() {
      const partition = /"PartitionKey":"(due-|user\.|sid\.)/.exec(seen)?.[1]
      return partition === undefined ? undefined : KINDS.get(partition)
    },
  }
}

function readOperation(method: string, path: string): TableOperation {
  const [, , resource = ''] = decodeURIComponent(path).split('/')
  if (resource === '$batch') return 'batch'
  if (resource === 'Tables') return method === 'POST' ? 'create table' : 'list tables'
  if (resource.startsWith('Tables(')) return 'delete table'
  const isOneEntity = resource.includes('PartitionKey=')
  switch (method) {
    case 'POST':
      return isOneEntity ? 'merge' : 'insert'
    case 'GET':
      return isOneEntity ? 'read' : 'query'
    case 'PUT':
      return 'replace'
    case 'PATCH':
    case 'MERGE':
      return 'merge'
    case 'DELETE':
      return 'delete'
    default:
      return 'refused'
  }
}

async function refusalOf(
  request: IncomingMessage,
  identity: Pick<IdentityStub, 'verify'>,
): Promise<Answer | undefined> {
  const [, accessToken] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? []
  if (accessToken === undefined) {
    const message = 'Key based authentication is not permitted on this storage account.'
    return { status: 403, body: tableError('KeyBasedAuthenticationNotPermitted', message) }
  }
  if ((await identity.verify(accessToken)) !== undefined) return undefined
  return {
    status: 403,
    body: tableError(
      'AuthenticationFailed',
      'Server failed to authenticate the request: signature or lifetime.',
    ),
  }
}

const faultBodies = {
  throttle: tableError('TooManyRequests', 'Operations per second is over the account limit.'),
  forbid: tableError(
    'AuthorizationPermissionMismatch',
    'This request is not authorized to perform this operation.',
  ),
  unavailable: tableError('ServerBusy', 'The server is busy.'),
  broken: tableError('InternalError', 'The server encountered an internal error.'),
}

function tableError(code: string, message: string): object {
  return { 'odata.error': { code, message: { lang: 'en-US', value: message } } }
}
