/** The registration as an application sees it through Graph, with the right to read it and without. */
import { describe, expect, it } from 'vitest'
import { createGraphRegistration } from '../../../lib/rotation/graphRegistration.ts'
import type { HeldVersion } from '../../../lib/rotation/ports.ts'
import { heldEffects } from '../../support/heldEffects.ts'
import { answered, GRAPH_CLIENT, GRAPH_OBJECT, refused } from '../../support/openGraph.ts'

const VERSION = 'f'.repeat(32)
const held: HeldVersion = {
  name: 'n'.repeat(100),
  version: VERSION,
  keyId: `https://vault.example/keys/signing/${VERSION}`,
  der: Uint8Array.of(1, 2, 3),
  thumbprintS256: 'x',
  thumbprintSha1: 'AB'.repeat(20),
  expiresAtMs: 0,
}
const NOT_PERMITTED = refused(403, 'Authorization_RequestDenied')
const entry = (keyId: string, change: object = {}) => ({
  keyId,
  type: 'AsymmetricX509Cert',
  usage: 'Verify',
  customKeyIdentifier: 'AB'.repeat(20),
  startDateTime: '2026-01-01T00:00:00Z',
  endDateTime: '2026-04-01T00:00:00Z',
  ...change,
})
const application = answered(200, {
  id: GRAPH_OBJECT,
  appId: GRAPH_CLIENT,
  createdDateTime: '2025-06-01T00:00:00Z',
  keyCredentials: [
    entry('one'),
    entry('of a token', { usage: 'Sign' }),
    entry('symmetric', { type: 'Symmetric' }),
  ],
  passwordCredentials: [],
})

/** Answers by the end of the path; everything else is not permitted. */
function openRegistration(answers: Readonly<Record<string, () => Response>>, objectId?: string) {
  const asked: { readonly path: string; readonly body: string; readonly authorization: string | null }[] = []
  const effects = heldEffects({
    fetch: async (url, init) => {
      const { pathname } = new URL(String(url))
      const path = pathname.split('/').at(-1) ?? ''
      const authorization = new Headers(init?.headers).get('authorization')
      asked.push({ path, body: String(init?.body ?? ''), authorization })
      return (answers[path] ?? NOT_PERMITTED)()
    },
  })
  const signedBy: string[] = []
  const registration = createGraphRegistration({
    clientId: GRAPH_CLIENT,
    objectId,
    origin: 'https://graph.example',
    sign: async (keyId) => {
      signedBy.push(keyId)
      return new Uint8Array(256)
    },
    effects,
  })
  return { registration, asked, signedBy }
}
const APPLICATION = `applications(appId='${GRAPH_CLIENT}')`

describe('the entries', () => {
  it('are the certificates that verify what the application signs, asked for with the token of the run', async () => {
    const { registration, asked } = openRegistration({ [APPLICATION]: application })
    expect((await registration.entries('of the run'))?.map(({ keyId }) => keyId)).toEqual(['one'])
    expect(asked.map(({ authorization }) => authorization)).toEqual(['Bearer of the run'])
  })

  it('are not known where the application may not look; any other fault is one', async () => {
    expect(await openRegistration({}).registration.entries('t')).toBeUndefined()
    const { registration } = openRegistration({ [APPLICATION]: answered(503, { error: { code: 'x' } }) })
    await expect(registration.entries('t')).rejects.toMatchObject({ code: 'graph/unavailable' })
  })
})

describe('adding and removing', () => {
  it('needs no right to read where the settings tell the object id, and is proven by the key that is registered', async () => {
    const { registration, asked, signedBy } = openRegistration(
      { addKey: answered(200, entry('new')), removeKey: answered(204) },
      GRAPH_OBJECT,
    )
    const by = { ...held, keyId: 'https://vault.example/keys/signing/old' }
    expect(await registration.add('t', held, by)).toBe('new')
    await registration.remove('t', 'one', by)

    expect(asked.map(({ path }) => path)).toEqual(['addKey', 'removeKey'])
    expect(signedBy).toEqual([by.keyId, by.keyId])
    expect(JSON.parse(asked[1]?.body ?? '')).toMatchObject({ keyId: 'one' })
  })

  it('reads the object id where the settings do not, and names the entry by the end of name and version', async () => {
    const { registration, asked } = openRegistration({
      [APPLICATION]: application,
      addKey: answered(200, entry('new')),
    })
    await registration.add('t', held, held)

    expect(asked.map(({ path }) => path)).toEqual([APPLICATION, 'addKey'])
    const { displayName, key } = JSON.parse(asked[1]?.body ?? '').keyCredential
    expect([displayName, key]).toEqual([`${'n'.repeat(57)}/${VERSION}`, 'AQID'])
  })

  it('adds nothing where neither settings nor Graph tell the object id', async () => {
    const { registration, asked, signedBy } = openRegistration({})
    await expect(registration.add('t', held, held)).rejects.toMatchObject({ code: 'graph/forbidden' })
    expect([asked.map(({ path }) => path), signedBy]).toEqual([[APPLICATION], []])
  })
})

describe('the policies', () => {
  const restrictions = { keyCredentials: [] }
  const tenant = answered(200, {
    id: 'tenant',
    displayName: 'All',
    isEnabled: true,
    applicationRestrictions: restrictions,
  })
  const own = answered(200, { value: [{ id: 'own', displayName: 'One', isEnabled: true, restrictions }] })

  it('are those of the tenant and of the application, and how old it is', async () => {
    const { registration } = openRegistration({
      defaultAppManagementPolicy: tenant,
      appManagementPolicies: own,
      [APPLICATION]: application,
    })
    expect(await registration.policies('t')).toMatchObject({
      tenant: { id: 'tenant' },
      own: { id: 'own' },
      createdAtMs: Date.UTC(2025, 5, 1),
    })
  })

  it('says of each what may not be read, and that there is none of its own', async () => {
    expect(await openRegistration({}).registration.policies('t')).toEqual({
      tenant: undefined,
      own: 'not-permitted',
      createdAtMs: undefined,
    })
    const { registration } = openRegistration({
      defaultAppManagementPolicy: tenant,
      appManagementPolicies: answered(200, { value: [] }),
    })
    expect(await registration.policies('t')).toMatchObject({ tenant: { id: 'tenant' }, own: 'none' })
  })
})
