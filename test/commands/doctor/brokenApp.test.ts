import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { openExaminedWorld } from './openExaminedWorld.ts'

const { desk, examine } = await openExaminedWorld()
const { tables, identity } = desk

describe('settings that make no configuration', () => {
  it('are all named, none with its value, and nothing else is examined', async () => {
    const results = await examine({
      ENTRA_CLIENT_ID: 'not-a-guid-4711',
      PUBLIC_URL: '',
      CREDENTIAL: 'secret-4711',
    })
    const { verdict, seen, fix } = results.of('settings')

    expect(verdict).toBe('fail')
    expect(seen).toContain('ENTRA_CLIENT_ID must be a GUID')
    expect(seen).toContain('PUBLIC_URL is not set')
    expect(seen).toContain('CREDENTIAL must be one or several of vault, managed-identity')
    expect(seen).not.toContain('4711')
    expect(fix).toMatch(
      /^az functionapp config appsettings set --name <function-app> .* --settings (\w+=<value> ?){3}$/,
    )
    expect(results.all.filter(({ id }) => id !== 'settings')).not.toEqual([])
    for (const { verdict, seen } of results.all.slice(1))
      expect([verdict, seen]).toEqual(['unknown', 'Not examined, because "settings" failed.'])
  })

  it('are not there at all: the command gets them from the app', async () => {
    const nothing = Object.fromEntries(Object.keys(desk.settings).map((name) => [name, '']))
    const { seen, fix } = (await examine({ ...nothing, AZURE_FUNCTION_APP_NAME: 'func-contoso' })).of(
      'settings',
    )

    expect(seen).toBe(
      'None of the required settings is in the environment: ENTRA_TENANT_ID, ENTRA_CLIENT_ID, PUBLIC_URL, SESSION_TABLES_URL.',
    )
    expect(fix).toMatch(
      /^az functionapp config appsettings list --name func-contoso .* > signet\.env && npm run doctor -- --settings signet\.env$/,
    )
  })
})

/** A server at an address of its own, for as long as `use` takes; registered as the app's address. */
async function atAddress<T>(
  answer: { readonly status: number; readonly body: string; readonly headers?: Record<string, string> },
  use: (origin: string) => Promise<T>,
): Promise<T> {
  const server = createServer((_request, response) => {
    response.writeHead(answer.status, answer.headers).end(answer.body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const origin = `http://localhost:${typeof address === 'object' && address !== null ? address.port : 0}`
  const redirectUris = [`${origin}/auth/callback`, `${origin}/auth/signed-out`]
  desk.entra.registerApplication({ ...desk.registration, redirectUris })
  try {
    return await use(origin)
  } finally {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
}

describe('an app that does not answer at PUBLIC_URL', () => {
  it('is not running', async () => {
    const closed = await atAddress({ status: 200, body: '' }, async (origin) => origin)
    const results = await examine({ PUBLIC_URL: closed })

    expect(results.of('public')).toMatchObject({
      verdict: 'fail',
      seen: `Nothing answers at ${closed} (ECONNREFUSED).`,
      fix: expect.stringMatching(/^az functionapp show /),
    })
    expect(results.ids('fail')).toEqual(['public'])
  })

  it.each([
    { what: 'the platform’s own page', status: 404, body: '<h1>Not here</h1>', headers: {} },
    { what: 'another app that is live', status: 200, body: '{"status":"live"}', headers: {} },
  ])('is hidden by $what', async ({ status, body, headers }) => {
    const result = await atAddress({ status, body, headers }, async (origin) =>
      (await examine({ PUBLIC_URL: origin })).of('public'),
    )

    expect(result.seen).toMatch(
      /^Something else than this app answers at .*\/health\/live \(status (200|404)\)/,
    )
    expect(result.fix).toMatch(/^az functionapp deployment source config-zip .* --src dist\/signet\.zip$/)
  })

  it('is not ready, and its log says why', async () => {
    const headers = { 'x-correlation-id': 'any' }
    const real = globalThis.fetch
    const fetch: typeof real = (input, init) =>
      String(input).endsWith('/health/ready')
        ? Promise.resolve(Response.json({ status: 'not ready' }, { status: 503, headers }))
        : real(input, init)
    const { verdict, seen, fix } = (await examine({}, { effects: { fetch } })).of('public')

    expect(verdict).toBe('fail')
    expect(seen).toMatch(
      / says of itself that it is not ready \(status 503\)\. What is wrong it tells its log alone\. After the mend it may say so for another minute/,
    )
    const [, query = ''] = /\$\(grep -v '\^\/\/' (infra\/queries\/\S+\.kql)\)/.exec(fix ?? '') ?? []
    expect(readFileSync(query, 'utf8')).toContain('Line.event == "readiness"')
  })
})

describe('a session table that cannot be used', () => {
  it('may not be written', async () => {
    tables.faults.always({ kind: 'forbid' })
    const results = await examine()

    expect(results.of('table')).toMatchObject({
      verdict: 'fail',
      seen: `${tables.url} does not let object id ${identity.principalId} write to table signetsessions (status 403).`,
      fix: `az role assignment create --assignee-object-id ${identity.principalId} --assignee-principal-type ServicePrincipal --role "Storage Table Data Contributor" --scope "$(az storage account show --name devstoreaccount1 --query id --output tsv)/tableServices/default/tables/signetsessions"`,
    })
    expect(results.ids('fail')).toContain('table')
  })

  it('is behind a closed network', async () => {
    const error = { code: 'AuthorizationFailure', message: { lang: 'en-US', value: 'Closed.' } }
    tables.faults.always({ kind: 'answer', status: 403, body: { 'odata.error': error } })
    const { seen, fix } = (await examine()).of('table')

    expect(seen).toContain('does not admit the network this runs in')
    expect(fix).toMatch(/ && az storage account network-rule add --account-name devstoreaccount1 /)
  })

  it('does not exist', async () => {
    const error = { code: 'TableNotFound', message: { lang: 'en-US', value: 'TableNotFound: not there.' } }
    tables.faults.always({ kind: 'answer', status: 404, body: { 'odata.error': error } })
    const { seen, fix } = (await examine()).of('table')

    expect(seen).toBe(`There is no table signetsessions at ${tables.url}.`)
    expect(fix).toBe(
      'az storage table create --name signetsessions --account-name devstoreaccount1 --auth-mode login',
    )
  })

  it('is away', async () => {
    tables.faults.always({ kind: 'drop' })
    const { verdict, seen, fix } = (await examine()).of('table')

    expect([verdict, seen]).toEqual(['fail', expect.stringContaining('could not be reached, or failed')])
    expect(fix).toMatch(/^az storage account show --name devstoreaccount1 /)
  })

  it('forgets what it was told', async () => {
    tables.faults.always({ kind: 'answer', status: 204, body: {} }, 'insert')
    const { verdict, seen } = (await examine()).of('table')

    expect([verdict, seen]).toEqual(['fail', expect.stringContaining('took the same marker twice')])
  })
})
