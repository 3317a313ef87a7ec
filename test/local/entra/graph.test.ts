import { sign } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { sha1Hex } from '../../../lib/base/crypto.ts'
import { createGraph } from '../../../lib/entra/graph.ts'
import type { ProofKey } from '../../../lib/entra/graphProof.ts'
import type { ApplicationRegistration } from '../../../local/entra/directory/application.ts'
import { faultOf, outcomeOf } from '../../support/faultOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'
import {
  clientId,
  createCertificate,
  credential,
  openTestedWorld,
  postToken,
  type TestCertificate,
  tenantId,
} from './world.ts'

const GRAPH = '00000003-0000-0000-c000-000000000000'
const READS = ['Application.Read.All', 'Policy.Read.ApplicationConfiguration']
const DAY_MS = 86_400_000

const world = await openTestedWorld()
const { entra, clock, certificate } = world
const next = await createCertificate(clock.nowMs)
const stranger = await createCertificate(clock.nowMs)

/** The registration of the file's world with that right, its one certificate registered and nothing else. */
function register(
  permissions: readonly string[] = READS,
  change: Partial<ApplicationRegistration> = {},
): void {
  entra.registerApplication({ ...world.web, applicationPermissions: { [GRAPH]: permissions }, ...change })
}
beforeEach(() => register())

async function token(proof = credential(world)): Promise<string> {
  const { body } = await postToken(entra, {
    grant_type: 'client_credentials',
    scope: `${GRAPH}/.default`,
    ...(await proof),
  })
  return String(body.access_token)
}

/** The product's own client before the look-alike, with a token of the moment. */
async function open() {
  const accessToken = await token()
  const tokens = { tokenFor: async () => accessToken, replace: async () => undefined }
  const effects = heldEffects({ now: () => clock.nowMs, fetch: (input, init) => fetch(input, init) })
  return createGraph({ clientId, origin: entra.origin, tokens, effects })
}

const proofKeyOf = ({ der, privateKey }: TestCertificate): ProofKey => ({
  thumbprintSha1: sha1Hex(der),
  sign: async (input) => sign('sha256', input, privateKey),
})

const objectId = () => entra.objectIdOf(clientId)

describe('an application that rolls its key', () => {
  test('adds the next with a proof by the one it has, signs with it, and takes the old one away, without any permission', async () => {
    register([])
    const graph = await open()
    const withNext = () =>
      credential(world, { header: { 'x5t#S256': next.thumbprintS256 }, key: next.privateKey })

    const added = await graph.addKey(
      objectId(),
      { certificate: next.der, displayName: 'signet/2' },
      proofKeyOf(certificate),
    )
    expect(added).toMatchObject({ displayName: 'signet/2', thumbprintSha1: sha1Hex(next.der) })
    expect(
      (
        await postToken(entra, {
          grant_type: 'client_credentials',
          scope: `${GRAPH}/.default`,
          ...(await withNext()),
        })
      ).status,
    ).toBe(200)

    register(READS, { certificates: [certificate.der, next.der] })
    const reader = await open()
    const old = (await reader.application()).keyCredentials.find(
      ({ thumbprintS256 }) => thumbprintS256 === certificate.thumbprintS256,
    )
    await reader.removeKey(objectId(), old?.keyId ?? '', proofKeyOf(next))
    expect(entra.registeredCertificates(clientId)).toEqual([next.thumbprintS256])
    expect(await outcomeOf(() => reader.removeKey(objectId(), old?.keyId ?? '', proofKeyOf(next)))).toBe(
      'graph/request_rejected',
    )
  })

  test('keeps its object id when it is registered anew', () => {
    const before = objectId()
    register([])
    expect(objectId()).toBe(before)
  })

  test('reads itself only with the right to', async () => {
    const graph = await open()
    expect(await graph.application()).toMatchObject({
      objectId: objectId(),
      clientId,
      keyCredentials: [{ thumbprintS256: certificate.thumbprintS256 }],
      passwordCredentials: [],
    })
    register([])
    expect(await outcomeOf(async () => (await open()).application())).toBe('graph/forbidden')
    register(['Application.ReadWrite.OwnedBy'])
    expect(await outcomeOf(async () => (await open()).application())).toBe('graph/forbidden')
    register(['Application.ReadWrite.OwnedBy'], { isOwnedByItself: true })
    expect(await outcomeOf(async () => (await open()).application())).toBe('none')
    expect(await outcomeOf(async () => (await open()).tenantPolicy())).toBe('graph/forbidden')
  })

  test('is refused by Graph under the name of an application that is not there', async () => {
    const accessToken = await token()
    const tokens = { tokenFor: async () => accessToken, replace: async () => undefined }
    const effects = heldEffects({ fetch: (input, init) => fetch(input, init) })
    const stranger = createGraph({ clientId: tenantId, origin: entra.origin, tokens, effects })

    expect((await faultOf(() => stranger.application())).code).toBe('graph/not_found')
  })

  test.each([
    ['none', undefined],
    ['one that is no token', 'nonsense'],
  ])('is refused by Graph with %s', async (_what, accessToken) => {
    const response = await fetch(`${entra.origin}/v1.0/applications(appId='${clientId}')`, {
      headers: accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` },
    })
    expect([response.status, await response.json()]).toMatchObject([
      401,
      {
        error: {
          code: 'InvalidAuthenticationToken',
          innerError: { 'request-id': response.headers.get('request-id') },
        },
      },
    ])
  })

  test('is refused by Graph with a token for another API', async () => {
    const other = await postToken(entra, {
      grant_type: 'client_credentials',
      scope: `${clientId}/.default`,
      ...(await credential(world)),
    })
    const response = await fetch(`${entra.origin}/v1.0/applications(appId='${clientId}')`, {
      headers: { authorization: `Bearer ${other.body.access_token}` },
    })
    expect(response.status).toBe(401)
  })
})

describe('a proof of possession is refused, whatever is wrong with it, in the same words', () => {
  const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  type Flaw = {
    header?: object
    claims?: object
    signer?: TestCertificate
    padding?: string
    signature?: string
  }

  async function post({ header = {}, claims = {}, signer = certificate, padding = '', signature }: Flaw) {
    const nbf = Math.floor(clock.nowMs / 1_000)
    const thumbprint = sha1Hex(signer.der)
    const input = `${segment({ alg: 'RS256', typ: 'JWT', kid: thumbprint, x5t: signer.thumbprintSha1, ...header })}.${segment(
      {
        aud: '00000002-0000-0000-c000-000000000000',
        iss: objectId(),
        nbf,
        exp: nbf + 600,
        ...claims,
      },
    )}${padding}`
    const signed = signature ?? sign('sha256', Buffer.from(input), signer.privateKey).toString('base64url')
    const response = await fetch(`${entra.origin}/v1.0/applications/${objectId()}/addKey`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        keyCredential: { type: 'AsymmetricX509Cert', usage: 'Verify', key: next.der.toString('base64') },
        passwordCredential: null,
        proof: `${input}.${signed}`,
      }),
    })
    return { status: response.status, body: await response.json() }
  }

  const nowSec = Math.floor(clock.nowMs / 1_000)

  test.each<[string, Flaw]>([
    ['padded', { padding: '=' }],
    ['for Microsoft Graph', { claims: { aud: GRAPH } }],
    ['for nobody', { claims: { aud: undefined } }],
    ['issued by the client id', { claims: { iss: clientId } }],
    ['expired', { claims: { nbf: nowSec - 1_200, exp: nowSec - 600 } }],
    ['not valid yet', { claims: { nbf: nowSec + 600, exp: nowSec + 1_200 } }],
    ['good for more than ten minutes', { claims: { exp: nowSec + 601 } }],
    ['good for ever', { claims: { exp: undefined } }],
    ['by a key that is not registered', { signer: stranger }],
    [
      'by another key than it names',
      { signer: stranger, header: { kid: sha1Hex(certificate.der), x5t: undefined } },
    ],
    ['not signed', { signature: '', header: { alg: 'none' } }],
    ['that says PS256', { header: { alg: 'PS256' } }],
  ])('%s', async (_what, flaw) => {
    expect(await post(flaw)).toMatchObject({
      status: 401,
      body: {
        error: { code: 'Authentication_MissingOrMalformed', message: 'Access Token missing or malformed.' },
      },
    })
    expect(entra.registeredCertificates(clientId)).toEqual([certificate.thumbprintS256])
    expect(entra.signatures.at(-1)).toMatchObject({ purpose: 'proof', refusal: expect.any(String) })
  })

  test('and one without a flaw is taken', async () => {
    expect((await post({})).status).toBe(200)
    expect(entra.signatures.at(-1)).toEqual({
      atMs: clock.nowMs,
      purpose: 'proof',
      clientId,
      thumbprint: certificate.thumbprintS256,
      refusal: undefined,
    })
  })

  test('by a certificate that has expired: then no key of the application proves anything', async () => {
    const shortLived = await createCertificate(clock.nowMs, { notAfter: clock.nowMs + 1_000 })
    register(READS, { certificates: [certificate.der, shortLived.der] })
    clock.nowMs += 1_000

    expect((await post({ signer: shortLived })).status).toBe(401)
  })
})

describe('the switches of Graph', () => {
  const add = async (der: Buffer) =>
    (await open()).addKey(objectId(), { certificate: der }, proofKeyOf(certificate))
  const lasting = (days: number) =>
    createCertificate(clock.nowMs, { notBefore: clock.nowMs, notAfter: clock.nowMs + days * DAY_MS })

  test('let a key that was just added be seen late, and one taken away be seen for longer', async () => {
    entra.switches.graph.readDelayMs = 30_000
    const graph = await open()
    const seen = async () =>
      (await graph.application()).keyCredentials.map(({ thumbprintS256 }) => thumbprintS256)

    const added = await graph.addKey(objectId(), { certificate: next.der }, proofKeyOf(certificate))
    expect(await seen()).toEqual([certificate.thumbprintS256])
    clock.nowMs += 30_000
    expect(await seen()).toEqual([certificate.thumbprintS256, next.thumbprintS256])
    await graph.removeKey(objectId(), added?.keyId ?? '', proofKeyOf(certificate))
    expect(await seen()).toContain(next.thumbprintS256)
    clock.nowMs += 30_000
    expect(await seen()).toEqual([certificate.thumbprintS256])
  })

  test('have a limit of keys', async () => {
    entra.switches.graph.keyLimit = 1

    expect(await outcomeOf(async () => add((await lasting(1)).der))).toBe('graph/key_limit')
  })

  test('have a policy on lifetimes, which concerns applications from a day on and yields to one of their own', async () => {
    const outcomes = async () => [
      await outcomeOf(async () => add((await lasting(90)).der)),
      await outcomeOf(async () => add((await lasting(91)).der)),
    ]
    entra.switches.graph.tenantPolicy = { maxLifetimeDays: 90 }
    expect(await outcomes()).toEqual(['none', 'graph/policy_refused'])
    entra.switches.graph.tenantPolicy = { maxLifetimeDays: 90, isEnabled: false }
    expect(await outcomes()).toEqual(['none', 'none'])
    entra.switches.graph.tenantPolicy = { maxLifetimeDays: 90, fromCreationMs: clock.nowMs + DAY_MS }
    expect(await outcomes()).toEqual(['none', 'none'])
    entra.switches.graph.ownPolicies = { [clientId]: { maxLifetimeDays: 30 } }
    expect(await outcomes()).toEqual(['graph/policy_refused', 'graph/policy_refused'])

    const graph = await open()
    expect(await graph.tenantPolicy()).toMatchObject({
      isEnabled: true,
      restrictions: [
        { type: 'asymmetricKeyLifetime', maxLifetime: 'P90D', fromCreationMs: clock.nowMs + DAY_MS },
      ],
    })
    expect(await graph.ownPolicy()).toMatchObject({ restrictions: [{ maxLifetime: 'P30D' }] })
  })

  test('have a policy on who may issue', async () => {
    entra.switches.graph.tenantPolicy = { authorities: [certificate.der] }

    expect(await outcomeOf(async () => add((await lasting(1)).der))).toBe('graph/policy_refused')
  })

  test('take a proof with PS256, where somebody finds that Graph does', async () => {
    entra.switches.graph.acceptsPs256 = true
    const sealed: ProofKey = {
      thumbprintSha1: sha1Hex(certificate.der),
      alg: 'PS256',
      sign: async (input) =>
        sign('sha256', input, { key: certificate.privateKey, padding: 6, saltLength: 32 }),
    }
    const graph = await open()

    expect(
      await outcomeOf(async () => graph.addKey(objectId(), { certificate: (await lasting(1)).der }, sealed)),
    ).toBe('none')
  })
})

describe('the book of signatures', () => {
  test('has each assertion by the key that signed it, the refused ones by what was said', async () => {
    const from = entra.signatures.length
    await token()
    await token(credential(world, { header: { 'x5t#S256': 'unknown' } }))
    await token(
      credential(world, { header: { alg: 'RS256', 'x5t#S256': undefined, x5t: certificate.thumbprintSha1 } }),
    )

    const common = { atMs: clock.nowMs, purpose: 'assertion', clientId }
    expect(entra.signatures.slice(from)).toEqual([
      { ...common, thumbprint: certificate.thumbprintS256, refusal: undefined },
      { ...common, thumbprint: 'unknown', refusal: 700027 },
      { ...common, thumbprint: certificate.thumbprintS256, refusal: undefined },
    ])
  })
})

describe('a deactivated application', () => {
  test('gets no token until it is active again', async () => {
    const graph = await open()
    entra.setDeactivated(clientId, true)
    const ask = async () =>
      postToken(entra, {
        grant_type: 'client_credentials',
        scope: `${GRAPH}/.default`,
        ...(await credential(world)),
      })

    expect((await ask()).body).toMatchObject({ error: 'unauthorized_client', error_codes: [7000112] })
    expect(await graph.isDisabled()).toBe(true)
    entra.setDeactivated(clientId, false)
    expect((await ask()).status).toBe(200)
    expect(await graph.isDisabled()).toBe(false)
  })
})
