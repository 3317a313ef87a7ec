import { randomUUID } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ACTIVATION_DELAY_MS } from '../../../lib/vault/versions.ts'
import { vaultBundles } from '../../../local/vault/vaultBundles.ts'
import { hastenDeadlines } from '../../support/shortenDeadline.ts'
import { openExaminedWorld } from './openExaminedWorld.ts'

const { desk, world, examine } = await openExaminedWorld()
const { vault, entra, identity } = desk
const WITHOUT_APP_ONLY = { APP_ONLY_CLIENT_ID: '' }
const AFTER_VAULT = ['sign', 'key', 'certificate', 'assertion', 'permissions'] as const
const PUT_SIGNER = `az role assignment create --assignee-object-id ${identity.principalId} --assignee-principal-type ServicePrincipal --role "Signet signer (signet-desk)" --scope "$(az keyvault show --name signet-desk --query id --output tsv)"`

/** Whom a service keeps waiting gives it up after a tenth of the time, until the test ends. */
const hasten = (): void => onTestFinished(hastenDeadlines((ms) => Math.ceil(ms / 10)))

/** Where only another certificate helps, the doctor says how it is made and registered. */
function expectRenewal(fix: string | undefined, name: string): void {
  const [create, , download, register] = fix?.split(' && ') ?? []
  expect(create).toBe(
    `az keyvault certificate create --vault-name signet-desk --name ${name} --policy @infra/certificate-policy.json`,
  )
  expect(download).toBe(
    `az keyvault certificate download --vault-name signet-desk --name ${name} --file signet.pem`,
  )
  expect(register).toBe(`az ad app credential reset --id ${desk.clientId} --append --cert @signet.pem`)
}

describe('an identity without tokens', () => {
  it('is told from one that may not do something, and nothing that needs it is examined', async () => {
    const results = await examine({ AZURE_CLIENT_ID: randomUUID(), ...WITHOUT_APP_ONLY })
    const { verdict, seen, fix } = results.of('identity')

    expect(verdict).toBe('fail')
    expect(seen).toMatch(
      /^The managed identity [\da-f-]{36} gave no token for https:\/\/vault\.azure\.net \(\w+\): it is not assigned/,
    )
    expect(fix).toMatch(
      /^az functionapp identity assign --name <function-app> --resource-group <resource-group> --identities/,
    )
    for (const id of ['vault', ...AFTER_VAULT, 'table'] as const)
      expect(results.of(id)).toMatchObject({
        verdict: 'unknown',
        seen: 'Not examined, because "identity" failed.',
      })
    expect(results.ids('pass')).toEqual(['settings', 'metadata', 'clock', 'redirect', 'public'])
  })

  it('is not waited for when its endpoint never answers', async () => {
    hasten()
    identity.faults.always({ kind: 'stall' })
    const { verdict, seen } = (await examine({ AZURE_CLIENT_ID: randomUUID() })).of('identity')

    expect([verdict, seen]).toEqual(['fail', expect.stringContaining('(deadline)')])
  })

  it('names the app where the environment tells it', async () => {
    const named = { WEBSITE_SITE_NAME: 'func-contoso', WEBSITE_RESOURCE_GROUP: 'rg-contoso' }
    const { fix } = (await examine({ AZURE_CLIENT_ID: randomUUID(), ...named })).of('identity')

    expect(fix).toContain('--name func-contoso --resource-group rg-contoso')
  })
})

describe('a vault that does not answer as it should', () => {
  it('goes by another name than the setting says', async () => {
    const url = 'https://another.vault.azure.net'
    const { verdict, seen, fix } = (await examine({ KEY_VAULT_URL: url, ...WITHOUT_APP_ONLY })).of('vault')

    expect([verdict, seen]).toEqual([
      'fail',
      `${url} is not the name that the vault goes by (RestError ERR_TLS_CERT_ALTNAME_INVALID): it takes no alias and no private-link name.`,
    ])
    expect(fix).toContain('KEY_VAULT_URL')
  })

  it('lets nobody read: the command grants the role to the very identity that was refused', async () => {
    vault.permissions.delete('certificates/read')
    const results = await examine(WITHOUT_APP_ONLY)

    expect(results.of('vault')).toMatchObject({
      verdict: 'fail',
      seen: `https://signet-desk.vault.azure.net does not let object id ${identity.principalId} read certificates.`,
      fix: PUT_SIGNER,
    })
    for (const id of AFTER_VAULT) expect(results.of(id).seen).toBe('Not examined, because "vault" failed.')
    expect(results.of('table').verdict).toBe('pass')
  })

  it('does not admit the network', async () => {
    const error = { code: 'Forbidden', message: 'Closed.', innererror: { code: 'ForbiddenByFirewall' } }
    vault.faults.always({ kind: 'answer', status: 403, body: { error } }, 'certificate read')
    const { seen, fix } = (await examine(WITHOUT_APP_ONLY)).of('vault')

    expect(seen).toBe('https://signet-desk.vault.azure.net does not admit the network this runs in.')
    expect(fix).toBe(
      'az keyvault update --name signet-desk --public-network-access Enabled && az keyvault network-rule add --name signet-desk --ip-address <the address this runs at>',
    )
  })

  it('does not admit the network, and says how it saw it: the command has the very address', async () => {
    const message = 'Client address is not authorized.\r\nClient address: 203.0.113.9\r\nCaller: appid=x'
    const error = { code: 'Forbidden', message, innererror: { code: 'ForbiddenByFirewall' } }
    vault.faults.always({ kind: 'answer', status: 403, body: { error } }, 'certificate read')
    const { seen, fix } = (await examine(WITHOUT_APP_ONLY)).of('vault')

    expect(seen).toContain('whose address it saw as 203.0.113.9.')
    expect(fix).toMatch(/--ip-address 203\.0\.113\.9$/)
  })

  it('throttles', async () => {
    vault.faults.always({ kind: 'throttle' })
    const { verdict, seen, fix } = (await examine(WITHOUT_APP_ONLY)).of('vault')

    expect([verdict, seen]).toEqual([
      'fail',
      expect.stringContaining('answers 429: somebody uses this vault'),
    ])
    expect(fix).toMatch(/^az monitor metrics list .* --metric ServiceApiHit/)
  })

  it('stalls', async () => {
    hasten()
    vault.faults.always({ kind: 'stall' })
    const { verdict, seen, fix } = (await examine(WITHOUT_APP_ONLY)).of('vault')

    expect([verdict, seen]).toEqual(['fail', expect.stringContaining('did not answer in time')])
    expect(fix).toMatch(/^az keyvault show --name signet-desk --query/)
  })

  it('takes another tenant’s tokens only', async () => {
    vault.faults.always({ kind: 'answer', status: 401, body: { error: { code: 'Unauthorized' } } })
    const { seen, fix } = (await examine({ ...WITHOUT_APP_ONLY, AZURE_TENANT_ID: 'contoso' })).of('vault')

    expect(seen).toContain('accepts no token of this identity')
    expect(fix).toBe('az login --tenant contoso')
  })

  it('reads but does not sign', async () => {
    vault.permissions.delete('keys/sign/action')
    const results = await examine(WITHOUT_APP_ONLY)

    expect(results.of('sign')).toMatchObject({
      verdict: 'fail',
      seen: `https://signet-desk.vault.azure.net does not let object id ${identity.principalId} sign.`,
      fix: PUT_SIGNER,
    })
    expect(results.ids('pass')).toEqual(expect.arrayContaining(['vault', 'key', 'certificate', 'metadata']))
    expect(results.of('assertion').seen).toBe('Not examined, because "sign" failed.')
  })
})

describe('a certificate that is not as it should be', () => {
  it('does not exist', async () => {
    const { seen, fix } = (await examine({ SIGNING_CERTIFICATE: 'nowhere', ...WITHOUT_APP_ONLY })).of('vault')

    expect(seen).toMatch(/^Certificate nowhere in https:\/\/signet-desk.* does not exist/)
    expectRenewal(fix, 'nowhere')
  })

  it('is not issued yet', async () => {
    const { kid: _, ...pending } = vaultBundles.certificate(vault.certificate())
    vault.faults.always({ kind: 'answer', status: 200, body: pending }, 'certificate read')
    const { seen, fix } = (await examine(WITHOUT_APP_ONLY)).of('vault')

    expect(seen).toContain('cannot be used (the certificate has no key or is not issued yet)')
    expect(fix).toBe(
      'az keyvault certificate list-versions --vault-name signet-desk --name signet-signing --output table',
    )
  })

  it('fits another key than the one that signed', async () => {
    const stranger = (await vault.addCertificate('stranger')).find()
    const own = vaultBundles.certificate(vault.certificate())
    const cer = stranger?.der.toString('base64')
    vault.faults.always({ kind: 'answer', status: 200, body: { ...own, cer } }, 'certificate read')
    const { verdict, seen, fix } = (await examine(WITHOUT_APP_ONLY)).of('sign')

    expect([verdict, seen]).toEqual([
      'fail',
      'The vault signed, but not with the key of certificate signet-signing.',
    ])
    expectRenewal(fix, 'signet-signing')
  })

  it('has a key that can be exported', async () => {
    const { policy, ...bundle } = vaultBundles.certificate(vault.certificate())
    const key_props = { ...policy.key_props, exportable: true }
    const body = { ...bundle, policy: { ...policy, key_props } }
    vault.faults.always({ kind: 'answer', status: 200, body }, 'certificate read')
    const { verdict, seen, fix } = (await examine(WITHOUT_APP_ONLY)).of('key')

    expect(verdict).toBe('fail')
    expect(seen).toMatch(
      /^The key of certificate signet-signing can be exported, so a copy of it may exist\. Use another certificate, then disable/,
    )
    // Under the same name the policy would be mended and the copy would stay good.
    expect(fix).toMatch(/^az keyvault certificate create --vault-name signet-desk --name signet-signing-2 /)
    expect(fix).toMatch(/ --settings SIGNING_CERTIFICATE=signet-signing-2$/)
  })

  it('has a key that may do more than sign', async () => {
    const { key, ...bundle } = vaultBundles.key(vault.certificate())
    const body = { ...bundle, key: { ...key, key_ops: ['sign', 'verify', 'wrapKey', 'unwrapKey'] } }
    vault.faults.always({ kind: 'answer', status: 200, body }, 'key read')
    const { verdict, seen } = (await examine(WITHOUT_APP_ONLY)).of('key')

    expect([verdict, seen]).toEqual([
      'fail',
      'The key of certificate signet-signing may also wrapKey, unwrapKey, which the app never needs.',
    ])
  })

  it('has a key that is too short', async () => {
    const weak = await vault.addCertificate('weak', { keySize: 1024 })
    for (const { der } of weak.versions()) entra.registerCertificate(desk.clientId, der)
    const { verdict, seen } = (await examine({ SIGNING_CERTIFICATE: 'weak', ...WITHOUT_APP_ONLY })).of('key')

    expect([verdict, seen]).toEqual(['fail', 'The key of certificate weak has 1024 bits, fewer than 2048.'])
  })

  it('has a key that may not be looked at: that alone breaks nothing', async () => {
    vault.permissions.delete('keys/read')
    const results = await examine(WITHOUT_APP_ONLY)

    expect(results.of('key')).toMatchObject({
      verdict: 'unknown',
      seen: `https://signet-desk.vault.azure.net does not let object id ${identity.principalId} read keys.`,
      fix: PUT_SIGNER,
    })
    expect(results.ids('unknown')).toEqual(['key'])
    expect(results.ids('fail')).toEqual([])
  })

  it('has twenty days left', async () => {
    const short = await vault.addCertificate('short-lived', { validityDays: 20 })
    for (const { der } of short.versions()) entra.registerCertificate(desk.clientId, der)
    const results = await examine({ SIGNING_CERTIFICATE: 'short-lived', ...WITHOUT_APP_ONLY })

    expect(results.of('certificate').seen).toMatch(
      /^Valid for another (19|20) days, until 20\d\d-.*: renew it/,
    )
    expectRenewal(results.of('certificate').fix, 'short-lived')
    expect(results.ids('fail')).toEqual(['certificate', 'rotation'])
    expect(results.of('vault').seen).toContain(
      'because no version is 24 hours old yet and none has been known longer',
    )
  })

  it('has twenty days left and a successor that takes over tomorrow', async () => {
    const ending = await vault.addCertificate('ending', { validityDays: 20 })
    const [old] = ending.versions()
    entra.registerCertificate(desk.clientId, old?.der ?? Buffer.alloc(0))
    const successor = await ending.rotate({ subject: 'CN=ending', keySize: 2048, validityDays: 365 })
    // The vault counts whole seconds: of two versions of one second neither is newer.
    const created = Math.floor(successor.createdAt / 1000) + 1
    const listed = ending.versions().map((version) => {
      const item = vaultBundles.certificateItem(version)
      return version === successor ? { ...item, attributes: { ...item.attributes, created } } : item
    })
    vault.faults.always({ kind: 'answer', status: 200, body: { value: listed } }, 'certificate list')
    const results = await examine({ SIGNING_CERTIFICATE: 'ending', ...WITHOUT_APP_ONLY })
    const { verdict, seen, note } = results.of('certificate')

    const takesOver = new Date(created * 1000 + ACTIVATION_DELAY_MS).toISOString().slice(0, 16)
    expect(verdict).toBe('pass')
    expect(seen).toMatch(/^Valid for another (19|20) days/)
    expect(seen).toContain(`version ${successor.version} takes over at ${takesOver.replace('T', ' ')} UTC`)
    expect(note).toBe(
      `Entra has to know that version by then: rm -f signet.pem && az keyvault certificate download --vault-name signet-desk --name ending --version ${successor.version} --file signet.pem && az ad app credential reset --id ${desk.clientId} --append --cert @signet.pem`,
    )
  })

  it('is an older version while the newest is young', async () => {
    const young = await vault.rotate()
    const [old] = vault.versions()
    const results = await examine(WITHOUT_APP_ONLY)

    expect(results.of('vault').seen).toBe(
      `Version ${old?.version} of certificate signet-signing signs, because the newest is not 24 hours old yet. The vault saw this come from 127.0.0.1.`,
    )
    const pinned = { SIGNING_CERTIFICATE: `signet-signing/${young.version}`, ...WITHOUT_APP_ONLY }
    expect((await examine(pinned)).of('vault').seen).toBe(
      `Version ${young.version} of certificate signet-signing signs, because the settings pin it. The vault saw this come from 127.0.0.1.`,
    )
  })
})

describe('the second client', () => {
  it('is examined by its own certificate', async () => {
    const results = await examine({ APP_ONLY_CERTIFICATE: 'nowhere' })

    expect(results.ids('fail')).toEqual(['app-only-vault'])
    expect(results.of('app-only-vault').fix).toContain(`--id ${desk.settings.APP_ONLY_CLIENT_ID} --append`)
    expect(results.of('app-only-assertion').seen).toBe('Not examined, because "app-only-vault" failed.')
    expect(world.logs.filter(({ level }) => level === 'error')).toEqual([])
  })
})
