import { describe, expect, it } from 'vitest'
import { openExaminedWorld } from './openExaminedWorld.ts'

const { desk, world, examine } = await openExaminedWorld()
const { entra, vault, clientId } = desk
const certificate = vault.certificate()

describe('a sign-in service that is not the one in the settings', () => {
  it('publishes another issuer', async () => {
    entra.switches.metadata.override = { issuer: 'https://elsewhere.example/v2.0' }
    const results = await examine()

    expect(results.of('metadata')).toMatchObject({
      verdict: 'fail',
      seen: expect.stringContaining(`names another issuer than the settings: issuer ${entra.issuer}`),
      fix: expect.stringContaining('--settings ENTRA_TENANT_ID=<value> ENTRA_AUTHORITY_HOST=<value>'),
    })
    for (const id of ['clock', 'assertion', 'permissions', 'redirect'] as const)
      expect(results.of(id).seen).toBe('Not examined, because "metadata" failed.')
  })

  it('knows no such tenant', async () => {
    const results = await examine({ ENTRA_TENANT_ID: '11111111-2222-4333-8444-555555555555' })

    expect(results.of('metadata').seen).toContain('is not there (status 400): no such tenant at this host')
  })

  it('is away', async () => {
    entra.switches.faults.metadata = { kind: 'status', status: 503 }
    const { verdict, seen, fix } = (await examine()).of('metadata')

    expect([verdict, seen]).toEqual(['fail', expect.stringContaining('gave no proper answer (status 503)')])
    expect(fix).toMatch(/^curl --head http/)
  })
})

describe('a clock that is wrong', () => {
  it.each([
    { offsetMs: 120_000, sentence: /^This clock is (119|120|121) seconds ahead of Entra’s/ },
    { offsetMs: -120_000, sentence: /^This clock is (119|120|121) seconds behind Entra’s/ },
  ])('is off by $offsetMs ms', async ({ offsetMs, sentence }) => {
    const effects = { now: () => Date.now() + offsetMs }
    const { verdict, seen, fix } = (await examine({}, { effects })).of('clock')

    expect([verdict, seen]).toEqual(['fail', expect.stringMatching(sentence)])
    expect(fix).toBe('sudo timedatectl set-ntp true')
  })

  it('passes while it is off by a few seconds', async () => {
    const effects = { now: () => Date.now() + 10_000 }
    expect((await examine({}, { effects })).of('clock')).toMatchObject({
      verdict: 'pass',
      seen: expect.stringMatching(/^This clock is (9|10|11) seconds ahead of Entra’s\.$/),
    })
  })
})

describe('an assertion that Entra refuses', () => {
  it('is by a certificate that nobody registered: the command registers that very version', async () => {
    entra.removeCertificate(clientId, certificate.x5tS256)
    const results = await examine()
    const { verdict, seen, fix } = results.of('assertion')

    expect(verdict).toBe('fail')
    expect(seen).toContain(`thumbprint ${certificate.x5tS256} (SHA-1 `)
    expect(seen).toMatch(
      /\(invalid_client, AADSTS700027\)\. No certificate with this thumbprint is registered/,
    )
    expect(fix).toBe(
      `rm -f signet.pem && az keyvault certificate download --vault-name signet-desk --name signet-signing --version ${certificate.version} --file signet.pem && az ad app credential reset --id ${clientId} --append --cert @signet.pem`,
    )
    expect(results.of('permissions').seen).toBe('Not examined, because "assertion" failed.')
    expect(results.of('app-only-assertion').verdict).toBe('pass')
  })

  it.each([-3_600_000, 3_600_000])(
    'is none that a clock off by %i ms dated: it goes by Entra’s, as the app’s own, and the check of the clock alone fails',
    async (offsetMs) => {
      const results = await examine({}, { effects: { now: () => Date.now() + offsetMs } })
      expect(
        ['clock', 'assertion', 'app-only-assertion'].map((id) => results.of(id as 'clock').verdict),
      ).toEqual(['fail', 'pass', 'pass'])
    },
  )

  it('is for a client that the tenant does not have', async () => {
    const stranger = '99999999-2222-4333-8444-555555555555'
    const results = await examine({ ENTRA_CLIENT_ID: stranger })

    expect(results.of('assertion')).toMatchObject({
      verdict: 'fail',
      seen: expect.stringContaining('This tenant has no application with this client id.'),
      fix: expect.stringMatching(`^az ad app show --id ${stranger} `),
    })
    expect(results.of('redirect')).toMatchObject({
      verdict: 'fail',
      seen: expect.stringContaining('(AADSTS700016). This tenant has no application'),
      fix: `Entra admin center > App registrations > application ${stranger} > Authentication`,
    })
  })

  it('is not refused where only the application’s own API is closed to it', async () => {
    // Its own id is no resource here: the second request, for Microsoft Graph, decides.
    const real = globalThis.fetch
    const fetch: typeof real = (input, init) =>
      String(init?.body).includes(`scope=${clientId}%2F.default`)
        ? Promise.resolve(
            Response.json({ error: 'invalid_resource', error_codes: [500011] }, { status: 400 }),
          )
        : real(input, init)
    const results = await examine({}, { effects: { fetch } })

    expect(results.ids('fail')).toEqual([])
    expect(results.of('permissions').seen).toBe('None for Microsoft Graph.')
  })

  it('meets a token endpoint that is away: unknown, for nothing was refused', async () => {
    entra.switches.faults.token = { kind: 'status', status: 503 }
    const results = await examine()

    expect(results.of('assertion')).toMatchObject({
      verdict: 'unknown',
      seen: expect.stringContaining('/token gave no proper answer (status 503).'),
      fix: 'npm run doctor',
    })
    expect(results.of('permissions').seen).toBe('Not examined, because "assertion" could not be decided.')
  })

  it('meets a number that there is no advice for: the number can still be looked up', async () => {
    entra.switches.token.refuse = 7000215
    const { seen, fix } = (await examine()).of('assertion')

    expect(seen).toMatch(/\(invalid_client, AADSTS7000215\)\.$/)
    expect(fix).toBe('https://login.microsoftonline.com/error?code=7000215')
  })
})

describe('application permissions under the sign-in client', () => {
  it.each([
    { resource: 'https://graph.microsoft.com', role: 'User.Read.All' },
    { resource: `api://${clientId}`, role: 'Access.AsApp' },
  ])('$role on $resource is found, and why it matters is said', async ({ resource, role }) => {
    entra.registerApplication({ ...desk.registration, applicationPermissions: { [resource]: [role] } })
    const results = await examine()
    const { seen, fix } = results.of('permissions')

    expect(seen).toBe(
      `Client ${clientId} signs people in and holds application permissions too (${role}): whoever has one assertion of it can act without any person.`,
    )
    expect(fix).toMatch(
      /^Entra admin center > App registrations > .* > API permissions: remove those of type/,
    )
    expect(results.ids('fail')).toEqual(['permissions'])
  })
})

describe('an address that is not registered', () => {
  const callback = `${world.origin}/auth/callback`
  const signedOut = `${world.origin}/auth/signed-out`

  it.each([
    { registered: signedOut, missing: callback },
    { registered: callback, missing: signedOut },
  ])('$missing is found, and added to those there are', async ({ registered, missing }) => {
    entra.registerApplication({ ...desk.registration, redirectUris: [registered] })
    const results = await examine()

    expect(results.of('redirect')).toMatchObject({
      verdict: 'fail',
      seen: `Entra shows an error page instead of answering at ${missing} (AADSTS50011). This redirect URI is not registered.`,
      fix: `az ad app update --id ${clientId} --web-redirect-uris $(az ad app show --id ${clientId} --query web.redirectUris --output tsv) ${missing}`,
    })
    expect(results.ids('fail')).toEqual(['redirect'])
  })

  it('stays unknown where Entra answers with a page that says nothing', async () => {
    entra.switches.faults.authorize = { kind: 'html' }
    const { verdict, seen, fix } = (await examine()).of('redirect')

    expect(verdict).toBe('unknown')
    expect(seen).toBe(`Entra’s answer does not tell whether ${callback} and ${signedOut} are registered.`)
    expect(fix).toBe(`Entra admin center > App registrations > application ${clientId} > Authentication`)
  })

  it('is not taken for registered because Entra redirects somewhere else', async () => {
    entra.switches.faults.authorize = {
      kind: 'redirect',
      location: 'https://elsewhere.example/auth/callback',
    }
    expect((await examine()).of('redirect').verdict).toBe('unknown')
  })
})
