import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openExaminedWorld } from './openExaminedWorld.ts'

const { desk, examine } = await openExaminedWorld()
const AT_A_DESK = { IDENTITY_ENDPOINT: '', IDENTITY_HEADER: '' }
const RESOURCES = ['https://vault.azure.net', 'https://storage.azure.com']
const tools = await mkdtemp(join(tmpdir(), 'signet-tools-'))
const path = process.env.PATH

beforeEach(() => {
  process.env.PATH = tools
})
afterEach(() => {
  process.env.PATH = path
})
afterAll(() => rm(tools, { recursive: true }))

/** An `az` whose account gets the tokens of the desk's identity, and that notes what it was asked for. */
async function putAz(): Promise<{ asked(): Promise<string[]> }> {
  const tokens = await Promise.all(RESOURCES.map((resource) => desk.identity.issue(resource)))
  const answers = Object.fromEntries(RESOURCES.map((resource, index) => [resource, tokens[index]]))
  await writeFile(join(tools, 'tokens.json'), JSON.stringify(answers), { mode: 0o600 })
  const script = `#!${process.execPath}
const { appendFileSync, readFileSync } = require('node:fs')
const resource = process.argv[process.argv.indexOf('--resource') + 1]
appendFileSync(${JSON.stringify(join(tools, 'asked'))}, process.argv.slice(2).join(' ') + '\\n')
const accessToken = JSON.parse(readFileSync(${JSON.stringify(join(tools, 'tokens.json'))}, 'utf8'))[resource]
console.log(JSON.stringify({ accessToken, expires_on: Math.floor(Date.now() / 1000) + 3600, tokenType: 'Bearer' }))
`
  await writeFile(join(tools, 'az'), script)
  await chmod(join(tools, 'az'), 0o700)
  return {
    asked: async () => (await readFile(join(tools, 'asked'), 'utf8')).trim().split('\n'),
  }
}

describe.skipIf(process.platform === 'win32')('outside Azure, the doctor', () => {
  it('asks for a sign-in where there is no tool that has one', async () => {
    const results = await examine({ ...AT_A_DESK, AZURE_TENANT_ID: 'contoso.onmicrosoft.com' })

    expect(results.of('identity')).toMatchObject({
      verdict: 'fail',
      seen: expect.stringMatching(
        /^Your own sign-in to Azure gave no token for https:\/\/vault\.azure\.net \(/,
      ),
      fix: 'az login --tenant contoso.onmicrosoft.com',
    })
    expect(results.of('sign').seen).toBe('Not examined, because "identity" failed.')
  })

  it('looks as the person at the keyboard, and runs the tool once per resource', async () => {
    const az = await putAz()
    const results = await examine(AT_A_DESK)

    expect(results.ids('pass')).toHaveLength(results.all.length)
    expect(results.of('identity').seen).toBe(
      `You, object id ${desk.identity.principalId}, got a token for https://vault.azure.net and https://storage.azure.com.`,
    )
    expect(results.of('identity').note).toContain('The app has another identity')
    // Microsoft Graph is asked for too, once: nothing needs it, and what it would show is left open.
    expect(await az.asked()).toEqual(
      [...RESOURCES, desk.settings.GRAPH_URL].map(
        (resource) => `account get-access-token --output json --resource ${resource}`,
      ),
    )
  })

  it('does not pretend to be the app’s managed identity', async () => {
    await putAz()
    const settings = { ...AT_A_DESK, CREDENTIAL: 'managed-identity', APP_ONLY_CLIENT_ID: '' }
    const results = await examine(settings)

    expect(results.of('assertion')).toMatchObject({
      verdict: 'unknown',
      seen: 'Only the app can present its managed identity: nobody else may try it.',
      fix: expect.stringContaining(`az ad app federated-credential list --id ${desk.clientId}`),
    })
    expect(results.ids('fail')).toEqual([])
  })
})
