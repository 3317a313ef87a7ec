/** What the doctor says of the exchange of a certificate. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Environment } from '../../../lib/config/settingsReader.ts'
import type { ErrorCode } from '../../../lib/errors/table.ts'
import { ERRORS } from '../../../lib/errors/table.ts'
import { POLICY_DOUBTS } from '../../../lib/rotation/policy.ts'
import { NOTHING_YET, type RotationState } from '../../../lib/rotation/state.ts'
import { vaultBundles } from '../../../local/vault/vaultBundles.ts'
import { openExaminedWorld } from './openExaminedWorld.ts'

const { desk, world, examine } = await openExaminedWorld()
const { vault, entra, clientId } = desk
const DAY_MS = 86_400_000
/** Nobody reads for the sign-in client then, which may not read itself. */
const BLIND = { APP_ONLY_CLIENT_ID: '' }
const certificate = vault.certificate()
const nearItsEnd = await vault.addCertificate('near-its-end', { validityDays: 20 })

async function writeRow(state: object, client: string = clientId): Promise<void> {
  const row = { partitionKey: 'rotation', rowKey: client, state: JSON.stringify(state) }
  await world.rows.table.upsertEntity(row, 'Replace')
}
const active = {
  version: certificate.version,
  thumbprintS256: certificate.x5tS256,
  thumbprintSha1: '',
  expiresAtMs: world.now() + 300 * DAY_MS,
  sinceMs: world.now() - DAY_MS,
}
const running = (): RotationState => ({ ...NOTHING_YET, active, lookedAtMs: world.now() })
const met = (code: ErrorCode, step = 'register', version = 'f'.repeat(32)): RotationState => ({
  ...running(),
  hindrances: [{ step, version, code, atMs: world.now() }],
})

afterEach(async () => {
  for (const { partitionKey, rowKey } of await world.rows.all())
    if (partitionKey === 'rotation') await world.rows.table.deleteEntity(partitionKey, rowKey)
})

describe('the exchange of a certificate', () => {
  it('is told with its versions, which of them are registered, what is left, and what is next and when', async () => {
    await writeRow(running())
    const results = await examine({ ROTATION: 'auto' })
    const { verdict, seen, fix } = results.of('rotation')

    expect([verdict, fix]).toEqual(['pass', undefined])
    expect(seen).toMatch(
      new RegExp(
        `^1 version in the vault: ${certificate.version} signs \\(registered, 33\\d days left\\)\\. Next: a new version is made at 20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC\\.$`,
      ),
    )
    expect(results.of('app-only-rotation').seen).toMatch(
      /^1 version in the vault: [\da-f]{32} signs \(registered/,
    )
    expect(results.of('app-only-rotation').note).toBe(
      'No run has been made yet: the timer makes one every five minutes. Whether the app may make a version could not be read: it shows when one is due.',
    )
  })

  it('decides which version signs, whatever its age', async () => {
    await writeRow(running())

    expect((await examine(BLIND)).of('vault').seen).toContain(
      `Version ${certificate.version} of certificate signet-signing signs, because Entra was seen to accept it when it took over.`,
    )
  })

  it('with ROTATION=register waits for somebody to make a version', async () => {
    expect((await examine(BLIND)).of('rotation').seen).toContain(
      'Next: a version is looked for that Entra accepts',
    )
    await writeRow(running())
    expect((await examine(BLIND)).of('rotation').seen).toContain(
      'Next: nothing until somebody makes a new version, which the app then brings into use.',
    )
  })

  it('says what it cannot see, and whose right it takes', async () => {
    await writeRow(running())
    expect((await examine(BLIND)).of('rotation')).toMatchObject({
      verdict: 'pass',
      note: 'Which versions are registered could not be read (graph/forbidden): that takes Application.Read.All.',
    })
  })

  it('finds that no version is registered', async () => {
    await writeRow(running())
    entra.registerApplication({ ...desk.registration, certificates: [] })
    const { verdict, seen, fix } = (await examine()).of('rotation')

    expect(verdict).toBe('fail')
    expect(seen).toMatch(
      `No version of certificate signet-signing is registered on application ${clientId}. 1 version in the vault: ${certificate.version} signs (not registered, `,
    )
    expect(fix).toBe(
      `rm -f signet.pem && az keyvault certificate download --vault-name signet-desk --name signet-signing --version ${certificate.version} --file signet.pem && az ad app credential reset --id ${clientId} --append --cert @signet.pem`,
    )
  })

  it('finds that another version is registered than the one that signs', async () => {
    const series = await vault.addCertificate('two-versions')
    const [old] = series.versions()
    entra.registerCertificate(clientId, old?.der ?? Buffer.alloc(0))
    const young = await series.rotate()
    const settings = { SIGNING_CERTIFICATE: `two-versions/${young.version}` }
    const { verdict, seen } = (await examine(settings)).of('rotation')

    expect(verdict).toBe('fail')
    expect(seen).toContain(
      `Version ${young.version} of certificate two-versions signs and is not registered on application ${clientId}.`,
    )
    expect(seen).toContain('Next: nothing, because the settings pin the version.')
  })

  it.each<[ErrorCode, RegExp]>([
    ['graph/key_limit', /^Entra admin center > App registrations > .* > Certificates & secrets$/],
    ['graph/forbidden', /--version f{32} --file signet\.pem && az ad app credential reset/],
    ['graph/proof_refused', /--version f{32} --file signet\.pem && az ad app credential reset/],
    ['graph/policy_refused', /^az rest .*\/policies\/defaultAppManagementPolicy$/],
    ['graph/not_found', /^az ad app show --id /],
    ['rotation/no_proof', /az ad app credential reset/],
    [
      'rotation/may_not_create',
      /^az keyvault certificate create --vault-name signet-desk --name signet-signing /,
    ],
    [
      'rotation/key_exportable',
      /^az keyvault certificate create --vault-name signet-desk --name signet-signing --policy @infra\/certificate-policy\.json$/,
    ],
    ['rotation/last_key', /Certificates & secrets$/],
  ])('that is stuck at %s says so in the operator’s words, with one thing to do', async (code, fix) => {
    await writeRow(met(code))
    const finding = (await examine(BLIND)).of('rotation')

    expect(finding.verdict).toBe('fail')
    expect(finding.seen).toMatch(
      new RegExp(`^The exchange is stuck at the step register f{32} since 20\\d\\d-.* UTC \\(${code}\\)\\. `),
    )
    expect(finding.seen).toContain(ERRORS[code].operatorAction)
    expect(finding.fix).toMatch(fix)
  })

  it('says why a version is not registered, and not that it waits for it', async () => {
    const version = 'f'.repeat(32)
    const thumbprints = { thumbprintS256: '', thumbprintSha1: '', expiresAtMs: active.expiresAtMs }
    const by = { by: 'somebody', sinceMs: world.now(), isClaimedAnew: false }
    const { hindrances } = met('rotation/not_registered', 'prove')
    await writeRow({
      ...met('graph/key_limit'),
      candidate: { version, ...thumbprints, phase: 'claimed', ...by },
      hindrances: [...hindrances, ...met('graph/key_limit').hindrances],
    })
    const listedItem = vaultBundles.certificateItem(certificate)
    const id = `${listedItem.id.slice(0, -32)}${version}`
    const value = [listedItem, { ...listedItem, id }]
    vault.faults.always({ kind: 'answer', status: 200, body: { value } }, 'certificate list')
    const { seen, fix } = (await examine(BLIND)).of('rotation')

    expect(seen).toContain(ERRORS['graph/key_limit'].operatorAction)
    expect(seen).not.toContain('rotation/not_registered')
    expect(seen).toMatch(/Next: what is in the way is tried again once an hour, or by npm run rotate\.$/)
    expect(fix).toMatch(/Certificates & secrets$/)
  })

  it('says what the policies left open to the app when it last made a version', async () => {
    await writeRow({ ...running(), doubts: ['own-not-read'] })
    expect((await examine(BLIND)).of('rotation').note).toContain(
      `When the app last made a version: ${POLICY_DOUBTS['own-not-read']}`,
    )
  })

  it('takes what passes by itself for no fault', async () => {
    await writeRow(met('rotation/not_accepted', 'prove'))
    const { verdict, note } = (await examine(BLIND)).of('rotation')

    expect(verdict).toBe('pass')
    expect(note).toContain('The step prove met rotation/not_accepted, which is tried again by itself.')
  })

  it('finds that an application that may not read itself was not told its object id', async () => {
    await writeRow(running())
    const { verdict, seen, fix } = (await examine({ ENTRA_OBJECT_ID: '', ...BLIND })).of('rotation')

    expect([verdict, seen]).toEqual([
      'fail',
      expect.stringMatching(
        /^Application [\da-f-]{36} may not read itself, and no setting tells its object id \(ENTRA_OBJECT_ID\): it cannot register a new version\./,
      ),
    ])
    expect(fix).toContain('--settings ENTRA_OBJECT_ID=<value>')
  })

  it.each<[string, Environment, string, RegExp]>([
    [
      'with ROTATION=manual',
      { ROTATION: 'manual' },
      'ROTATION is manual',
      /certificate create .* credential reset/,
    ],
    [
      'with ROTATION=register and a vault that renews nothing',
      {},
      'ROTATION is register, and the vault does not renew by itself',
      /^az keyvault certificate create --vault-name signet-desk --name near-its-end --policy @infra\/certificate-policy\.json$/,
    ],
  ])('finds a version near its end that nobody replaces, %s', async (_how, settings, because, command) => {
    for (const { der } of nearItsEnd.versions()) entra.registerCertificate(clientId, der)
    const finding = (await examine({ SIGNING_CERTIFICATE: 'near-its-end', ...settings })).of('rotation')

    expect(finding.verdict).toBe('fail')
    expect(finding.seen).toMatch(
      new RegExp(`^Version [\\da-f]{32} ends in (19|20) days, and nobody makes another: ${because}\\.`),
    )
    expect(finding.fix).toMatch(command)
  })

  it('leaves one near its end to ROTATION=auto, which makes the next', async () => {
    for (const { der } of nearItsEnd.versions()) entra.registerCertificate(clientId, der)
    const finding = (await examine({ SIGNING_CERTIFICATE: 'near-its-end', ROTATION: 'auto' })).of('rotation')

    expect(finding.verdict).toBe('pass')
    expect(finding.seen).not.toContain('nobody makes another')
  })

  it('finds that the timer does not run', async () => {
    await writeRow({ ...running(), lookedAtMs: world.now() - DAY_MS })
    const { verdict, seen, fix } = (await examine(BLIND)).of('rotation')

    expect([verdict, seen]).toEqual([
      'fail',
      expect.stringMatching(
        /^No run has looked since 20\d\d-.* UTC, though the timer makes one every five minutes\./,
      ),
    ])
    expect(fix).toMatch(/^az functionapp show /)
  })

  it('finds a key that was left behind where nobody takes it away', async () => {
    const series = await vault.addCertificate('left-behind')
    const [old] = series.versions()
    const young = await series.rotate()
    for (const { der } of series.versions()) entra.registerCertificate(clientId, der)
    const listed = series.versions().map((version) => {
      const item = vaultBundles.certificateItem(version)
      const ageSec = version === young ? 3 * 86_400 : 30 * 86_400
      const created = Math.floor(world.now() / 1000) - ageSec
      return { ...item, attributes: { ...item.attributes, created } }
    })
    vault.faults.always({ kind: 'answer', status: 200, body: { value: listed } }, 'certificate list')
    const settings = { SIGNING_CERTIFICATE: `left-behind/${young.version}`, ROTATION: 'manual' }
    const { verdict, seen, fix } = (await examine(settings)).of('rotation')

    expect([verdict, seen]).toEqual([
      'fail',
      expect.stringMatching(
        `^The key of version ${old?.version}, which signs no more, is still registered: whoever may have it sign is the application\\.`,
      ),
    ])
    expect(fix).toMatch(
      new RegExp(`^az ad app credential delete --cert --id ${clientId} --key-id [\\da-f-]{36}$`),
    )
  })

  it('does not judge a row that a newer build wrote', async () => {
    await writeRow({ v: 99 })
    expect((await examine(BLIND)).of('rotation')).toMatchObject({
      verdict: 'fail',
      seen: `How far the exchange of certificate signet-signing is cannot be read (rotation/newer_state). ${ERRORS['rotation/newer_state'].operatorAction}`,
      fix: 'npm run rotate -- --status',
    })
  })
})
