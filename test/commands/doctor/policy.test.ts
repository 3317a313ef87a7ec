/** What the doctor says of the tenant's policies on certificates, and of a vault that wants bound tokens. */
import { describe, expect, it } from 'vitest'
import type { Fetch } from '../../../lib/base/plainFetch.ts'
import { realEffects } from '../../../lib/base/realEffects.ts'
import { openExaminedWorld } from './openExaminedWorld.ts'

const { desk, examine } = await openExaminedWorld()
const { vault, entra, clientId } = desk
/** Nobody reads for the sign-in client then, which may not read itself. */
const BLIND = { APP_ONLY_CLIENT_ID: '' }
const certificate = vault.certificate()

describe('the tenant’s policies', () => {
  it('limit nothing on a desk, and that is said', async () => {
    expect((await examine()).of('policy')).toMatchObject({
      verdict: 'pass',
      seen: 'No policy limits the life of a certificate; no authority is demanded.',
    })
  })

  it('say who read them where that is not the application that makes the version, which may have left them open', async () => {
    const results = await examine()
    const reader = results.of('policy').note
    expect(reader).toMatch(/^Read as [0-9a-f-]{36}\. When a version is made, /)
    expect(reader).toContain(
      `${clientId} reads for itself: what it may not see, npm run rotate calls left open.`,
    )
    expect(results.of('app-only-policy').note).toBeUndefined()
  })

  it('allow no life as long as that of the certificate', async () => {
    entra.switches.graph.tenantPolicy = { maxLifetimeDays: 100 }
    const { verdict, seen, fix } = (await examine()).of('policy')

    expect([verdict, seen]).toEqual([
      'fail',
      expect.stringMatching(
        /^The tenant’s policy lets a certificate live 100 days; certificate signet-signing lives \d+ days.*: Entra refuses one that lives longer when it is added\. 3 months are allowed\.$/,
      ),
    ])
    expect(fix).toBe(
      'az keyvault certificate create --vault-name signet-desk --name signet-signing --validity 3 --policy @infra/certificate-policy.json',
    )
  })

  it('allow no month: nothing that a vault makes is short enough', async () => {
    entra.switches.graph.tenantPolicy = { maxLifetimeDays: 10 }
    const { seen, fix } = (await examine()).of('policy')

    expect(seen).toContain('No certificate that a vault makes is short enough.')
    expect(fix).toMatch(/^az rest /)
  })

  it('ask for an authority, which a certificate that issued itself does not have', async () => {
    entra.switches.graph.tenantPolicy = { authorities: [certificate.der] }
    const { verdict, seen, fix } = (await examine()).of('policy')

    expect([verdict, seen]).toEqual([
      'fail',
      'The tenant takes only certificates of authorities that its policy names, and certificate signet-signing issued itself: Entra refuses the next version of it.',
    ])
    expect(fix).toMatch(/^az keyvault certificate issuer list --vault-name signet-desk: /)
  })

  it('give way to the one of the application’s own', async () => {
    entra.switches.graph.tenantPolicy = { maxLifetimeDays: 10 }
    entra.switches.graph.ownPolicies = { [clientId]: { maxLifetimeDays: 1_000 } }
    const results = await examine()

    expect(results.of('policy')).toMatchObject({
      verdict: 'pass',
      seen: expect.stringMatching(
        /^A certificate may live 1000 days, and certificate signet-signing lives \d+; no authority/,
      ),
    })
    expect(results.of('app-only-policy').verdict).toBe('fail')
  })

  it('are not made up where they may not be read', async () => {
    entra.switches.graph.tenantPolicy = { maxLifetimeDays: 10 }
    const { verdict, seen, note } = (await examine(BLIND)).of('policy')

    expect([verdict, seen]).toEqual([
      'pass',
      'No policy could be read, so none is known to stand against the certificate.',
    ])
    expect(note).toMatch(
      /^The tenant’s policy could not be read \(that takes Policy\.Read\.ApplicationConfiguration\)/,
    )
  })

  it('that exempt some callers are taken to hold, and that is said', async () => {
    entra.switches.graph.tenantPolicy = { maxLifetimeDays: 1_000, exemptsCallers: true }
    expect((await examine()).of('policy').note).toContain('Some callers are exempt from a restriction.')
  })
})

describe('a vault that wants tokens bound to a key', () => {
  const place = {
    AZURE_SUBSCRIPTION_ID: '00000000-0000-4000-8000-00000000000a',
    AZURE_RESOURCE_GROUP: 'rg-signet',
    ...BLIND,
  }
  /** Azure Resource Manager with that mode; everything else is on the desk. */
  const withMode = (mode: string): { effects: { fetch: Fetch } } => ({
    effects: {
      async fetch(input, init) {
        if (!String(input).startsWith('https://management.azure.com/')) return realEffects.fetch(input, init)
        const { status, headers, body } = Response.json({ properties: { tokenBindingParameters: { mode } } })
        return { status, headers, body: body as unknown as AsyncIterable<Uint8Array> }
      },
    },
  })

  it('and takes no other is found, with what that comes to', async () => {
    const { verdict, seen, fix } = (await examine(place, withMode('enforced'))).of('token-binding')

    expect([verdict, seen]).toEqual([
      'fail',
      'https://signet-desk.vault.azure.net enforces token binding: it refuses every token that is not bound to a key of its bearer, as those of this app are, so that nothing can be read or signed and no new assertion is made.',
    ])
    expect(fix).toMatch(/^az resource update .* --set properties\.tokenBindingParameters\.mode=disabled$/)
  })

  it('and takes others too is a warning for whoever tightens it, and one that wants none is none', async () => {
    const enabled = (await examine(place, withMode('enabled'))).of('token-binding')
    expect([enabled.verdict, enabled.note]).toEqual([
      'pass',
      'Set to "enforced", it would refuse this app: nothing could be read or signed.',
    ])
    expect((await examine(place, withMode('disabled'))).of('token-binding').seen).toBe(
      'https://signet-desk.vault.azure.net does not ask for bound tokens.',
    )
  })

  it('cannot be told where nobody says where the vault is', async () => {
    expect((await examine(BLIND)).of('token-binding')).toMatchObject({
      verdict: 'pass',
      note: expect.stringContaining(
        'AZURE_SUBSCRIPTION_ID and AZURE_RESOURCE_GROUP do not say where the vault is.',
      ),
    })
  })
})
