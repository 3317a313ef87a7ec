/** What docs/library.md prints, in a folder of somebody else's, on the desk that runs: as the page says to run it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deskToken } from '../../commands/token/deskToken.ts'
import { joinedTarget } from '../../commands/walkthrough/deskTarget.ts'
import { createGuard } from '../../lib/guard/guard.ts'
import { openClientDesk } from '../../local/clientDesk.ts'
import { announceDesk, readDesk } from '../../local/deskNotice.ts'
import { freePort } from '../../local/freePort.ts'
import { ORDERS, REPORTS } from '../../local/sampleApi/sampleApis.ts'
import { filesOfPage } from './filesOfPage.ts'

const BUSY_MACHINE_MS = 120_000
const ROOT = resolve('.')
const files = filesOfPage('docs/library.md')
const folder = await mkdtemp(join(tmpdir(), 'signet-own-api-'))
process.env.SIGNET_DESK_NOTICE = join(folder, 'desk.json')
const { desk, close } = await openClientDesk('http://localhost:7071')
const takeBack = announceDesk(desk)
const running: ChildProcess[] = []

beforeAll(async () => {
  for (const name of ['@azure', 'jose', 'oauth4webapi', 'openid-client']) {
    await mkdir(dirname(join(folder, 'node_modules', name)), { recursive: true })
    await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), 'junction')
  }
  await cp('dist/library', join(folder, 'node_modules/signet-entra'), { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  for (const [name, code] of files) await writeFile(join(folder, name), code)
})
afterAll(async () => {
  for (const child of running) child.kill()
  takeBack()
  await close()
  await rm(folder, { recursive: true, force: true })
})

/** As npm runs a command for somebody whose folder is another. */
function command(name: 'desk' | 'token', args: readonly string[], more: NodeJS.ProcessEnv = {}) {
  const { PATH, SIGNET_DESK_NOTICE } = process.env
  const env = { PATH, SIGNET_DESK_NOTICE, INIT_CWD: folder, ...more }
  return spawn(process.execPath, [`commands/${name}/main.ts`, ...args], { env })
}

async function ended(child: ReturnType<typeof command>) {
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { out, err, code }
}

/** The address that a server of the page prints. */
async function serve(file: string): Promise<string> {
  const child = command('desk', [process.execPath, file], { PORT: String(await freePort()) })
  running.push(child)
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  for await (const chunk of child.stdout) {
    const [address] = /http:\S+/.exec(String(chunk)) ?? []
    if (address !== undefined) return address
  }
  throw new Error(`${file} does not serve: ${said}`)
}

/** Status and reason of what an API answers to that token. */
async function refusalAt(address: string, token: string): Promise<[status: number, reason: unknown]> {
  const answer = await fetch(address, { headers: { authorization: `Bearer ${token}` } })
  return [answer.status, (await answer.json()).reason]
}

describe('on the desk that runs', { timeout: BUSY_MACHINE_MS }, () => {
  let api: string
  let asAda: string

  test('`npm run token` prints the token of a person and nothing else, and says beside it what is in it', async () => {
    const { out, err, code } = await ended(command('token', ['--desk', '--as', 'Ada']))

    expect([code, out]).toEqual([0, expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)])
    expect(err).toContain('"azpacr":"2"')
    asAda = out.trim()
    expect(decodeJwt(asAda)).toMatchObject({ aud: desk.clientId, scp: 'access_as_user', azpacr: '2' })
    expect(decodeJwt(asAda).oid).toBe(desk.entra.people[0]?.oid)
  })

  test('`npm run token` for an API that the desk does not have says so in the words of Entra', async () => {
    const { out, err, code } = await ended(command('token', ['--desk', '--scope', 'api://my-own/Read']))

    expect([code, out]).toEqual([1, ''])
    expect(err).toContain('entra/request_rejected: AADSTS500011')
    expect(err).toContain("'api://my-own'")
  })

  test('an API of somebody else lets that token in, and nobody without one', async () => {
    api = await serve('api.js')

    const answer = await fetch(api, { headers: { authorization: `Bearer ${asAda}` } })
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { kind: 'user', objectId: desk.entra.people[0]?.oid, clientProof: 'azpacr' },
    ])
    expect((await fetch(api)).status).toBe(401)
  })

  test('a token that was had with a secret is refused: on the list of clients by its proof, and else already as that of a stranger', async () => {
    const { out, err, code } = await ended(command('token', ['--desk', '--secret']))
    expect([code, out]).toEqual([0, expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)])
    expect(err).toContain('For Ada, by a client with a secret: ')
    expect(err).toContain('"azpacr":"1"')
    const { clientId: azp, secret } = desk.secretClient
    expect(err).not.toContain(secret)
    expect(decodeJwt(out.trim())).toMatchObject({ aud: desk.clientId, azp, scp: 'access_as_user' })
    expect(await refusalAt(api, out.trim())).toEqual([403, 'foreign_client'])

    // What the page says to put on the list for the trial.
    const own = createGuard({
      tenants: [desk.entra.tenantId],
      audiences: [desk.clientId],
      clients: [readDesk()?.programEnv.SIGNET_DESK_SECRET_CLIENT_ID ?? ''],
      scopes: ['access_as_user'],
      roles: ['Access.AsApp'],
      authorityHost: desk.entra.origin,
    })
    const target = joinedTarget()
    if (target === undefined) throw new Error('the desk runs')
    const asApp = await deskToken(target, { as: undefined, bySecret: true, scope: undefined })
    expect(decodeJwt(asApp)).toMatchObject({ azp, azpacr: '1', idtyp: 'app', roles: ['Access.AsApp'] })
    for (const token of [out.trim(), asApp])
      expect(await own.judge(`Bearer ${token}`)).toMatchObject({ reason: 'secret_client', status: 403 })

    const { orders, reports } = desk.sampleApis
    for (const [{ origin }, scope] of [
      [orders, `api://${ORDERS.clientId}/Orders.Read`],
      [orders, `api://${ORDERS.clientId}/.default`],
      [reports, `api://${REPORTS.clientId}/Reports.Read`],
    ] as const) {
      const as = scope.endsWith('/.default') ? undefined : 'Ada'
      const token = await deskToken(target, { as, bySecret: true, scope })
      expect(await refusalAt(origin, token), scope).toEqual([403, 'secret_client'])
    }
    // Of the same person, for the same API: what makes the difference is the proof alone.
    const proven = await deskToken(target, {
      as: 'Ada',
      bySecret: false,
      scope: `api://${REPORTS.clientId}/Reports.Read`,
    })
    expect(await refusalAt(reports.origin, proven)).toEqual([200, undefined])
  })

  test('every other file of the page runs as it is printed', async () => {
    const servers = ['api.js', 'onBehalf.js']
    const others = [...files.keys()].filter((name) => !servers.includes(name))
    expect(others).toEqual([
      'assertion.js',
      'msal.js',
      'openidClient.js',
      'oauth4webapi.js',
      'asApp.js',
      'errors.js',
    ])

    await writeFile(join(folder, 'all.js'), others.map((name) => `await import('./${name}')\n`).join(''))
    const { out, err, code } = await ended(command('desk', [process.execPath, 'all.js'], { API_URL: api }))

    expect([code, err]).toEqual([0, ''])
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^msal-node has a token until \d{4}-/),
      expect.stringMatching(/^openid-client has a token for \d+ seconds$/),
      expect.stringMatching(/^oauth4webapi has a token for \d+ seconds$/),
      expect.stringMatching(/^200 \{"kind":"app",/),
      'The vault has signed.',
      '',
    ])
  })

  test('an API calls the next one as the person who called it', async () => {
    const address = await serve('onBehalf.js')
    const ask = () => fetch(address, { headers: { authorization: `Bearer ${asAda}` } })

    const well = await ask()
    expect([well.status, await well.text()]).toEqual([
      200,
      expect.stringContaining(desk.entra.people[0]?.oid ?? '?'),
    ])
    expect(desk.sampleApis.orders.calls.at(-1)).toMatchObject({ status: 200 })
  })
})

test('without a desk that runs both commands say how one is started', {
  timeout: BUSY_MACHINE_MS,
}, async () => {
  const SIGNET_DESK_NOTICE = join(folder, 'none.json')
  const both = [
    command('token', ['--desk'], { SIGNET_DESK_NOTICE }),
    command('desk', [], { SIGNET_DESK_NOTICE }),
  ]

  for (const { code, out, err } of await Promise.all(both.map(ended)))
    expect([code, out, err]).toEqual([1, '', 'No desk runs: start one with "npm start".\n'])
})
