import { describe, expect, it } from 'vitest'
import { CHECKS } from '../../../commands/doctor/checks.ts'
import { openExaminedWorld } from './openExaminedWorld.ts'

const { desk, world, examine } = await openExaminedWorld()

/** All but those of a front end and of a list of sources, which this app has none of. */
const NOT_HERE = ['front-end', 'managed-identity', 'tpm', 'pem', 'sources']
const MADE = CHECKS.filter(({ id }) => !NOT_HERE.includes(id))

describe('the doctor of a healthy chain', () => {
  it('passes every check and asks for nothing', async () => {
    const results = await examine()

    expect(results.all.map(({ id }) => id)).toEqual(MADE.map(({ id }) => id))
    expect(results.ids('pass')).toHaveLength(MADE.length)
    expect(results.all.filter(({ fix }) => fix !== undefined)).toEqual([])
  })

  it('says what it saw of each link', async () => {
    const results = await examine()
    const certificate = desk.vault.certificate()

    expect(results.of('identity').seen).toBe(
      `The managed identity ${desk.identity.clientId}, object id ${desk.identity.principalId}, got a token for https://vault.azure.net and https://storage.azure.com.`,
    )
    expect(results.of('vault').seen).toBe(
      `Version ${certificate.version} of certificate signet-signing signs, because it is the newest. The vault saw this come from 127.0.0.1.`,
    )
    expect(results.of('sign').seen).toMatch(/^Signed with PS256 in \d+ ms/)
    expect(results.of('certificate').seen).toMatch(/^Valid for another 33\d days, until 20\d\d-/)
    expect(results.of('assertion').seen).toContain(certificate.x5tS256)
    expect(results.of('public').seen).toContain(world.origin)
    expect(results.of('redirect').note).toContain(`${world.origin}/auth/frontchannel-logout`)
  })

  it('leaves a marker that the sweep removes, and no other row', async () => {
    await examine()
    const rows = await world.rows.all()
    expect(rows.length).toBeGreaterThan(0)
    for (const { partitionKey, rowKey } of rows)
      expect([partitionKey.slice(0, 4), rowKey.slice(0, 7)]).toEqual(['due-', 'doctor-'])
  })

  it('leaves out the second client where there is none', async () => {
    const results = await examine({ APP_ONLY_CLIENT_ID: '' })

    expect(results.all.map(({ id }) => id).filter((id) => id.startsWith('app-only-'))).toEqual([])
    expect(results.ids('pass')).toHaveLength(results.all.length)
  })

  it('uses the real clock and network where it is given no other', async () => {
    expect((await examine({}, { effects: {} })).ids('pass')).toHaveLength(MADE.length)
  })
})

describe('the doctor of an app whose managed identity stands in for a certificate', () => {
  const settings = { CREDENTIAL: 'managed-identity', APP_ONLY_CLIENT_ID: '', KEY_VAULT_URL: '' }
  const federation = {
    issuer: desk.identity.federationIssuer,
    subject: desk.identity.principalId,
    audience: 'api://AzureADTokenExchange',
    jwks: desk.identity.jwks,
  }

  it('asks for no vault, and has Entra take the token of the identity', async () => {
    const { certificates: _, ...registration } = desk.registration
    desk.entra.registerApplication({ ...registration, federatedCredentials: [federation] })
    const results = await examine(settings)

    expect(results.all.map(({ id }) => id)).toEqual([
      ...['settings', 'identity', 'metadata', 'clock', 'assertion'],
      ...['permissions', 'redirect', 'public', 'table'],
    ])
    expect(results.ids('pass')).toHaveLength(9)
    expect(results.of('assertion').seen).toBe(
      `Entra accepted client ${desk.clientId} with the token of its managed identity.`,
    )
  })

  it('gives the command for the federated credential that is missing', async () => {
    const { certificates: _, ...registration } = desk.registration
    const other = { ...federation, subject: 'another-identity' }
    desk.entra.registerApplication({ ...registration, federatedCredentials: [other] })
    const { verdict, seen, fix } = (await examine(settings)).of('assertion')

    expect(verdict).toBe('fail')
    expect(seen).toContain(
      '(invalid_client, AADSTS700213). No federated credential of the application is for',
    )
    expect(fix).toBe(
      `az ad app federated-credential create --id ${desk.clientId} --parameters '${JSON.stringify({
        name: 'signet-managed-identity',
        issuer: desk.identity.federationIssuer,
        subject: desk.identity.principalId,
        audiences: ['api://AzureADTokenExchange'],
      })}'`,
    )
  })
})
