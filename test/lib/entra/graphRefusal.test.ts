import { describe, expect, it } from 'vitest'
import type { ProofKey } from '../../../lib/entra/graphProof.ts'
import { faultOf } from '../../support/faultOf.ts'
import { answered, GRAPH_CLIENT, GRAPH_OBJECT, openGraph, refused } from '../../support/openGraph.ts'

const OBJECT = { id: GRAPH_OBJECT, appId: GRAPH_CLIENT, keyCredentials: [], passwordCredentials: [] }
const DER = Buffer.from('a certificate')
const proofKey: ProofKey = { thumbprintSha1: 'AB'.repeat(20), sign: async () => new Uint8Array(1) }

describe('a refusal of Graph', () => {
  const read = (graph: ReturnType<typeof openGraph>['graph']) => graph.application()
  const add = (graph: ReturnType<typeof openGraph>['graph']) =>
    graph.addKey(GRAPH_OBJECT, { certificate: DER }, proofKey)

  it.each([
    [add, refused(401, 'Authentication_MissingOrMalformed'), 'graph/proof_refused'],
    [read, refused(401, 'Authentication_MissingOrMalformed'), 'graph/token_refused'],
    [add, refused(401, 'InvalidAuthenticationToken'), 'graph/token_refused'],
    [add, refused(403, 'Authorization_RequestDenied'), 'graph/forbidden'],
    [read, refused(403, 'Authorization_RequestDenied'), 'graph/forbidden'],
    [add, refused(403, 'Directory_ResourceSizeExceeded'), 'graph/key_limit'],
    [add, refused(400, 'Directory_QuotaExceeded'), 'graph/key_limit'],
    [
      add,
      refused(400, 'CredentialInvalidLifetimeAsPerAppPolicy', ['InvalidKeyEndDate']),
      'graph/policy_refused',
    ],
    [add, refused(400, 'Request_BadRequest', ['UntrustedIssuerAsPerAppPolicy']), 'graph/policy_refused'],
    [add, refused(400, 'Request_BadRequest'), 'graph/request_rejected'],
    [add, refused(404, 'Request_ResourceNotFound'), 'graph/not_found'],
    [add, refused(409, 'Directory_ConcurrencyViolation'), 'graph/unavailable'],
    [add, refused(429, 'TooManyRequests'), 'graph/throttled'],
    [add, refused(503, 'serviceNotAvailable'), 'graph/unavailable'],
    [add, answered(500, { error: { code: 'unknown' } }), 'graph/unavailable'],
    [add, answered(408, { error: { code: 'unknown' } }), 'graph/unavailable'],
    [add, answered(504), 'graph/unavailable'],
    [add, () => new Response('<html>Please log in', { status: 403 }), 'graph/malformed_response'],
    [add, () => new Response('<html>Welcome', { status: 200 }), 'graph/malformed_response'],
    [
      add,
      () => new Response(null, { status: 302, headers: { location: 'https://e.example/' } }),
      'graph/malformed_response',
    ],
    [read, () => Promise.reject(new TypeError('fetch failed')), 'graph/unavailable'],
  ])('is told apart: %#', async (act, answer, code) => {
    const { graph, asked, withoutSuccessor } = openGraph(answer)
    withoutSuccessor()

    expect((await faultOf(() => act(graph))).code).toBe(code)
    expect(asked).toHaveLength(1)
  })

  it('is logged by its names and the id under which Microsoft finds it, and by no word for a person', async () => {
    const { graph } = openGraph(refused(400, 'CredentialInvalidLifetimeAsPerAppPolicy', ['Invalid\nKey']))

    const { context } = await faultOf(() => add(graph))

    expect(context.detail).toBe('400 CredentialInvalidLifetimeAsPerAppPolicy Invalid?Key')
    expect(context.facts).toEqual({
      graphStatus: 400,
      graphErrors: ['CredentialInvalidLifetimeAsPerAppPolicy', 'Invalid?Key'],
      graphRequestId: 'b8c6e007-36d0-4b24-ac8b-530a2f1aa641',
    })
    expect(JSON.stringify(context)).not.toContain('contoso')
  })

  it('says how long to wait where Graph does', async () => {
    const { graph } = openGraph(
      answered(429, { error: { code: 'TooManyRequests' } }, { 'retry-after': '37' }),
    )

    expect((await faultOf(() => add(graph))).context.retryAfterSec).toBe(37)
  })

  it('of the token has the request sent once more, with the one that took its place', async () => {
    const { graph, asked } = openGraph(refused(401, 'InvalidAuthenticationToken'), answered(200, OBJECT))

    await graph.application()

    expect(asked.map(({ authorization }) => authorization)).toEqual(['Bearer token 1', 'Bearer token 2'])
  })

  it('of the token has it sent no third time', async () => {
    const { graph, asked } = openGraph(refused(401, 'InvalidAuthenticationToken'))

    expect((await faultOf(() => graph.application())).code).toBe('graph/token_refused')
    expect(asked).toHaveLength(2)
  })
})
