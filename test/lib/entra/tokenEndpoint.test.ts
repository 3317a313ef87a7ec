import { describe, expect, it } from 'vitest'
import type { ClientAssertion } from '../../../lib/credential/clientCredential.ts'
import { createTokenEndpoint, tokenSet } from '../../../lib/entra/tokenEndpoint.ts'
import { asAppError } from '../../../lib/errors/appError.ts'
import { CLIENT, configOf } from '../../support/configOf.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'
import {
  ALTERNATIVE,
  type Answer,
  ASSERTION,
  REFUSED,
  redemptionWorld as world,
} from '../../support/redemptionWorld.ts'

describe('a refusal', () => {
  it('of the client is answered by another certificate version, once, with the same code; the proof is that of the one accepted', async () => {
    const { redeem, answers, credential, requests, sought } = world()
    credential.alternative = ALTERNATIVE
    answers.push(REFUSED)
    const { proof } = await redeem()

    expect(proof).toBe(ALTERNATIVE.proof)
    const sent = requests.map(({ body }) => new URLSearchParams(body))
    expect(sent.map((form) => form.get('client_assertion'))).toEqual([ASSERTION.jws, ALTERNATIVE.jws])
    expect(sent.map((form) => form.get('code'))).toEqual(['the-code', 'the-code'])
    expect(sought).toEqual([ASSERTION])
  })

  it('of both versions is the end of it', async () => {
    const { redeem, answers, credential, requests } = world()
    credential.alternative = ALTERNATIVE
    answers.push(REFUSED, REFUSED)

    expect((await faultOf(redeem)).code).toBe('entra/client_rejected')
    expect(requests).toHaveLength(2)
  })

  it('of the client where there is no other version says what the assertion was refused for, and with what', async () => {
    const { redeem, answers, requests } = world()
    answers.push(REFUSED)
    const { code, context } = await faultOf(redeem)

    expect([code, context.detail]).toEqual(['entra/client_rejected', 'invalid_client AADSTS700027'])
    expect(context.facts).toMatchObject({ credential: 'vault', entraErrorCodes: [700027] })
    expect(requests).toHaveLength(1)
  })

  it('of the grant leaves nothing of the credential in the log: that was accepted', async () => {
    const { redeem, answers } = world()
    answers.push({ status: 400, headers: {}, body: { error: 'invalid_grant' } })
    const { code, context } = await faultOf(redeem)

    expect(code).toBe('entra/grant_rejected')
    expect(context.facts ?? {}).not.toHaveProperty('credential')
  })

  it.each<[what: string, answer: Answer]>([
    ['invalid_grant', { status: 400, headers: {}, body: { error: 'invalid_grant' } }],
    ['server_error', { status: 400, headers: {}, body: { error: 'server_error' } }],
    ['unauthorized_client', { status: 400, headers: {}, body: { error: 'unauthorized_client' } }],
    ['429 with a challenge', { status: 429, headers: { 'www-authenticate': 'Bearer' }, body: {} }],
    ['503 that speaks of the client', { status: 503, headers: {}, body: { error: 'invalid_client' } }],
    ['an ID token refused', { status: 200, headers: {}, body: { id_token: 'e30.e30.e30' } }],
  ])('by %s says nothing against the assertion', async (_what, answer) => {
    const { redeem, answers, credential, requests, sought, endpointAnswer } = world()
    credential.alternative = ALTERNATIVE
    answers.push({
      ...answer,
      body: { ...(answer.status === 200 ? endpointAnswer.body : {}), ...answer.body },
    })
    await faultOf(redeem)

    expect([sought, requests.length]).toEqual([[], 1])
  })

  it('for too many requests says when to come back', async () => {
    const { redeem, endpointAnswer } = world()
    endpointAnswer.status = 429
    endpointAnswer.headers = { 'retry-after': '11' }
    endpointAnswer.body = {}

    const fault = await faultOf(redeem)

    expect([fault.code, fault.context.retryAfterSec]).toEqual(['entra/unavailable', 11])
  })

  it('never repeats code, assertion or verifier', async () => {
    for (const status of [200, 400, 401, 500]) {
      const { redeem, endpointAnswer } = world()
      endpointAnswer.status = status
      endpointAnswer.body = {
        error: 'invalid_grant',
        error_description: 'the-code header.claims verifier-of',
      }
      const fault = await faultOf(redeem)
      const shown = JSON.stringify([fault.message, fault.context])
      for (const secret of ['the-code', 'header.claims', 'verifier-of']) expect(shown).not.toContain(secret)
    }
  })
})

describe('a grant', () => {
  it('begins with the credential’s own assertion, and is tried once more with another where the client was refused', async () => {
    const effects = heldEffects()
    const config = configOf()
    const sent: string[] = []
    const answers = [
      Response.json(REFUSED.body, REFUSED),
      Response.json({ access_token: 'a', token_type: 'Bearer' }),
    ]
    const endpoint = createTokenEndpoint({
      clientId: CLIENT,
      issuerTemplate: config.entra.issuerTemplate,
      url: config.entra.token,
      credential: {
        assertionFor: async () => ASSERTION,
        alternativeTo: async (refused: ClientAssertion) => (refused === ASSERTION ? ALTERNATIVE : undefined),
      },
      effects: {
        ...effects,
        fetch: async (_url, init) => {
          sent.push(new URLSearchParams(String(init?.body)).get('client_assertion') ?? '')
          return answers.shift() ?? expect.fail('there was no third request to make')
        },
      },
    })

    const { access_token: token } = await endpoint.grant('client_credentials', { scope: 'api://x/.default' })
    expect(token).toBe('a')
    expect(sent).toEqual([ASSERTION.jws, ALTERNATIVE.jws])
  })
})

it('a token of another type than bearer is none that we could present', async () => {
  const body = { access_token: 'a', token_type: 'dpop' as Lowercase<string> }
  const { code, context } = await faultOf(() => tokenSet(body, 0))

  expect([code, context.detail]).toEqual(['entra/malformed_response', 'token_type'])
})

describe('what the last attempts are told', () => {
  const page = (status: number) =>
    new Response('<html>', { status, headers: { 'content-type': 'text/html' } })

  it.each<[what: string, type: string, status: number, told: readonly string[]]>([
    ['a filter refuses a code that anybody can make up: nothing', 'authorization_code', 400, []],
    ['a firewall does, in its own way: nothing', 'authorization_code', 403, []],
    ['a portal answers in place of Entra', 'authorization_code', 200, ['entra/malformed_response']],
    ['a redirect does', 'authorization_code', 302, ['entra/malformed_response']],
    ['Entra is down', 'authorization_code', 502, ['entra/unavailable']],
    ['a filter refuses what came from Entra itself', 'refresh_token', 400, ['entra/malformed_response']],
    ['a filter refuses what is ours', 'client_credentials', 403, ['entra/malformed_response']],
  ])('%s', async (_what, type, status, told) => {
    const { entra } = configOf()
    const heard: string[] = []
    const endpoint = createTokenEndpoint({
      clientId: CLIENT,
      issuerTemplate: entra.issuerTemplate,
      url: entra.token,
      credential: { assertionFor: async () => ASSERTION, alternativeTo: async () => undefined },
      effects: { ...heldEffects(), fetch: async () => page(status) },
      attempts: { succeeded: () => heard.push('ok'), failed: (fault) => heard.push(asAppError(fault).code) },
    })
    await endpoint.grant(type, { code: 'made-up' }).catch(() => undefined)

    expect(heard).toEqual(told)
  })

  it('of a redemption is the same', async () => {
    const { redeem, answers, attempts } = world()
    answers.push({ status: 400, headers: { 'content-type': 'text/html' }, body: {} })
    expect((await faultOf(redeem)).code).toBe('entra/malformed_response')

    expect(attempts.standingFault()).toBeUndefined()
  })
})
