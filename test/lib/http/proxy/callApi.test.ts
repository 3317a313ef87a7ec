import { describe, expect, it } from 'vitest'
import { callApi } from '../../../../lib/http/proxy/callApi.ts'
import { faultOf } from '../../../support/faultOf.ts'
import { heldEffects } from '../../../support/heldEffects.ts'
import { ASKED } from './askedApi.ts'

const CLAIMS = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
const CHALLENGE = `Bearer error="insufficient_claims", claims="${Buffer.from(CLAIMS).toString('base64')}"`

/** A call that the API answers with this, and how often it was asked. */
function world({
  status,
  challenge,
  areOfPerson,
}: {
  status: number
  challenge: string
  areOfPerson: boolean
}) {
  const asked = { calls: 0, others: 0 }
  const fetch = async (): Promise<Response> => {
    asked.calls += 1
    return new Response('{}', { status, headers: { 'www-authenticate': challenge } })
  }
  const tokens = {
    areOfPerson,
    get: async () => 'first',
    async another() {
      asked.others += 1
      return 'second'
    },
  }
  const call = { asked: ASKED, tokens, method: 'GET', headers: {}, body: Buffer.alloc(0), correlationId: 'c' }
  return { asked, call: () => callApi({ effects: { ...heldEffects(), fetch } }, call) }
}

describe('a claims challenge of the API', () => {
  it('to the person becomes a sign-in with these claims, and no other token is asked for', async () => {
    const { asked, call } = world({ status: 401, challenge: CHALLENGE, areOfPerson: true })
    const { code, context } = await faultOf(call)

    expect([code, context.claims]).toEqual(['entra/interaction_required', CLAIMS])
    expect(asked).toEqual({ calls: 1, others: 0 })
  })

  it('to the app itself is no step up of the person, who has nothing to do', async () => {
    const { code, context } = await faultOf(
      world({ status: 401, challenge: CHALLENGE, areOfPerson: false }).call,
    )

    expect([code, context.claims]).toEqual(['api/refused_token', undefined])
  })

  it('counts with status 401 only', async () => {
    expect((await world({ status: 403, challenge: CHALLENGE, areOfPerson: true }).call()).status).toBe(403)
  })

  it('of another kind has the token replaced once, and then the API has refused it', async () => {
    const { asked, call } = world({
      status: 401,
      challenge: 'Bearer error="invalid_token"',
      areOfPerson: true,
    })

    expect((await faultOf(call)).code).toBe('api/refused_token')
    expect(asked).toEqual({ calls: 2, others: 1 })
  })
})
