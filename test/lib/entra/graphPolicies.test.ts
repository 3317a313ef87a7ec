import { describe, expect, it } from 'vitest'
import { faultOf } from '../../support/faultOf.ts'
import { answered, GRAPH_CLIENT, openGraph } from '../../support/openGraph.ts'

const APPLICATION = `https://graph.example/v1.0/applications(appId='${GRAPH_CLIENT}')`

describe('the policies on certificates', () => {
  const lifetime = {
    restrictionType: 'asymmetricKeyLifetime',
    state: 'enabled',
    maxLifetime: 'P180D',
    restrictForAppsCreatedAfterDateTime: '2024-01-01T00:00:00Z',
    excludeActors: null,
  }

  it('are read with their limits, dates and exemptions, of the tenant and of the application', async () => {
    const authority = {
      restrictionType: 'trustedCertificateAuthority',
      state: 'disabled',
      maxLifetime: null,
      excludeActors: { customSecurityAttributes: [{ id: 'a_b' }] },
    }
    const policy = { id: 'p', displayName: 'Default', isEnabled: true }
    const { graph, asked } = openGraph(
      answered(200, { ...policy, applicationRestrictions: { keyCredentials: [lifetime, authority] } }),
      answered(200, { value: [{ ...policy, restrictions: { keyCredentials: [] } }] }),
      answered(200, { value: [] }),
    )

    expect(await graph.tenantPolicy()).toEqual({
      ...policy,
      restrictions: [
        {
          type: 'asymmetricKeyLifetime',
          isInForce: true,
          maxLifetime: 'P180D',
          fromCreationMs: Date.UTC(2024, 0, 1),
          exemptsCallers: false,
        },
        { type: 'trustedCertificateAuthority', isInForce: false, exemptsCallers: true },
      ],
    })
    expect(await graph.ownPolicy()).toEqual({ ...policy, restrictions: [] })
    expect(await graph.ownPolicy()).toBeUndefined()
    expect(asked.map(({ url }) => url)).toEqual([
      'https://graph.example/v1.0/policies/defaultAppManagementPolicy',
      `${APPLICATION}/appManagementPolicies`,
      `${APPLICATION}/appManagementPolicies`,
    ])
  })

  it.each([
    [{ applicationRestrictions: {} }, 'id'],
    [{ id: 'p', applicationRestrictions: { keyCredentials: {} } }, 'keyCredentials'],
    [{ id: 'p', applicationRestrictions: { keyCredentials: [{ state: 'enabled' }] } }, 'restrictionType'],
  ])(
    'are no answer of Graph without their members (%j), and the fault names the one',
    async (policy, detail) => {
      const { graph } = openGraph(answered(200, policy))
      const { code, context } = await faultOf(() => graph.tenantPolicy())

      expect([code, context.detail]).toEqual(['graph/malformed_response', detail])
    },
  )

  it('of the application itself are read under the name that they have there', async () => {
    const asked = { keyCredentials: [{ restrictionType: 'asymmetricKeyLifetime' }] }
    const { graph } = openGraph(answered(200, { value: [{ id: 'p', restrictions: asked }] }))

    expect((await graph.ownPolicy())?.restrictions).toEqual([
      { type: 'asymmetricKeyLifetime', isInForce: true, exemptsCallers: false },
    ])
  })

  it('ask nothing of certificates where they have no list for them, and are off unless Graph says on', async () => {
    const { graph } = openGraph(answered(200, { id: 'p', applicationRestrictions: null }))

    expect(await graph.tenantPolicy()).toEqual({
      id: 'p',
      displayName: '',
      isEnabled: false,
      restrictions: [],
    })
  })
})
