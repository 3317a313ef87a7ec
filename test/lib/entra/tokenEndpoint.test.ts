import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
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

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/
const GRANTED = { access_token: 'a', token_type: 'Bearer' }

/** An endpoint that answers so, one after the other, each after so long; what was sent, and what the credential takes its time for. */
function endpointWith({
  answers,
  tryMs = 0,
  assertionMs = 0,
  alternativeMs = 0,
}: {
  readonly answers: readonly (typeof REFUSED | { readonly body: object })[]
  readonly tryMs?: number
  readonly assertionMs?: number
  readonly alternativeMs?: number
}) {
  const config = configOf()
  const left = [...answers]
  const sent: { readonly id: string | null; readonly assertion: string | null }[] = []
  const endpoint = createTokenEndpoint({
    clientId: CLIENT,
    issuerTemplate: config.entra.issuerTemplate,
    url: config.entra.token,
    credential: {
      assertionFor: () => after(assertionMs, ASSERTION),
      alternativeTo: (refused: ClientAssertion) =>
        after(alternativeMs, refused === ASSERTION ? ALTERNATIVE : undefined),
    },
    effects: {
      ...heldEffects(),
      async fetch(_url, init) {
        init?.signal?.throwIfAborted()
        const assertion = new URLSearchParams(String(init?.body)).get('client_assertion')
        sent.push({ id: new Headers(init?.headers).get('client-request-id'), assertion })
        const { body, ...status } = left.shift() ?? expect.fail('there was no further request to make')
        return Response.json(body, await after(tryMs, status, init?.signal))
      },
    },
  })
  return {
    sent,
    grant: (type = 'client_credentials') => endpoint.grant(type, { scope: 'api://x/.default' }),
  }
}

async function after<T>(ms: number, value: T, signal?: AbortSignal): Promise<T> {
  if (ms === 0) return value
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  setTimeout(resolve, ms, value)
  signal?.addEventListener('abort', () => reject(signal.reason))
  return promise
}

describe('a grant', () => {
  it('begins with the credential’s own assertion, and is tried once more with another where the client was refused', async () => {
    const { sent, grant } = endpointWith({ answers: [REFUSED, { body: GRANTED }] })

    expect((await grant()).access_token).toBe('a')
    expect(sent.map(({ assertion }) => assertion)).toEqual([ASSERTION.jws, ALTERNATIVE.jws])
  })

  it.each(['client_credentials', 'refresh_token', 'urn:ietf:params:oauth:grant-type:jwt-bearer'])(
    'of type %s has an id by which Entra’s logs know it, the same in both tries, and so has our line of its refusal',
    async (type) => {
      const { sent, grant } = endpointWith({ answers: [REFUSED, REFUSED, REFUSED, REFUSED] })
      const [first, second] = [await faultOf(() => grant(type)), await faultOf(() => grant(type))]
      const ids = [first, second].map(({ context }) => context.facts?.clientRequestId)

      for (const id of ids) expect(id).toMatch(UUID)
      expect(ids[0]).not.toBe(ids[1])
      expect(sent.map(({ id }) => id)).toEqual([ids[0], ids[0], ids[1], ids[1]])
    },
  )
})

describe('the time of a token request', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** What becomes of a request, and after how long. */
  async function timed(work: () => Promise<unknown>) {
    const startedMs = Date.now()
    const outcome = faultOf(work).then(
      ({ code, context }) => ({ code, detail: context.detail, tookMs: Date.now() - startedMs }),
      () => ({ code: 'granted', tookMs: Date.now() - startedMs }),
    )
    await vi.advanceTimersByTimeAsync(60_000)
    return outcome
  }

  it('is eight seconds for everything, the assertion included, and then nothing is sent or waited for', async () => {
    const slow = endpointWith({ answers: [REFUSED], assertionMs: 5_900, tryMs: 4_900 })

    expect(await timed(slow.grant)).toEqual({ code: 'entra/unavailable', detail: 'deadline', tookMs: 8_000 })
    expect(slow.sent).toHaveLength(1)
  })

  it('is five seconds for one try', async () => {
    const slow = endpointWith({ answers: [{ body: GRANTED }], tryMs: 5_001 })

    expect(await timed(slow.grant)).toMatchObject({ code: 'entra/unavailable', tookMs: 5_000 })
  })

  it('where another version takes what is left of it, is that of the refusal, which is told', async () => {
    const slow = endpointWith({ answers: [REFUSED], tryMs: 4_900, assertionMs: 500, alternativeMs: 2_900 })

    expect(await timed(slow.grant)).toMatchObject({ code: 'entra/client_rejected', tookMs: 8_000 })
    expect(slow.sent).toHaveLength(1)
  })

  it('where the assertion takes all of it, is not held against Entra, which was not asked', async () => {
    const slow = endpointWith({ answers: [], assertionMs: 8_001 })

    expect(await timed(slow.grant)).toMatchObject({ code: 'vault/timeout', tookMs: 8_000 })
    expect(slow.sent).toEqual([])
  })

  it('suffices for slow ones', async () => {
    const slow = endpointWith({ answers: [{ body: GRANTED }], assertionMs: 3_000, tryMs: 4_900 })

    expect(await timed(slow.grant)).toEqual({ code: 'granted', tookMs: 7_900 })
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
