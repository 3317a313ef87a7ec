import { describe, expect, test } from 'vitest'
import { sha1Hex } from '../../../lib/base/crypto.ts'
import { ownReadings } from '../../../local/entra/directory/resource.ts'
import { faultOf, outcomeOf } from '../../support/faultOf.ts'
import { openGraphWorld, proofKeyOf } from './graphWorld.ts'
import { clientId, credential, postToken, tenantId } from './world.ts'

const { world, entra, clock, certificate, next, register, askForToken, token, open, objectId } =
  await openGraphWorld()

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
    expect((await askForToken(withNext())).status).toBe(200)

    register(ownReadings, { certificates: [certificate.der, next.der] })
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
    const stranger = await open(tenantId)

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
    const ask = () => askForToken()

    expect((await ask()).body).toMatchObject({ error: 'unauthorized_client', error_codes: [7000112] })
    expect(await graph.isDisabled()).toBe(true)
    entra.setDeactivated(clientId, false)
    expect((await ask()).status).toBe(200)
    expect(await graph.isDisabled()).toBe(false)
  })
})
