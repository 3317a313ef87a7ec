import { describe, expect, it } from 'vitest'
import { CLAIM_FORMS, outcomeOf } from './claimForms.ts'
import { createTokenIssuer, userToken, userTokenV1 } from './tokenIssuer.ts'

describe('a claim counts in every form that means the same, and in no other', () => {
  const rows = CLAIM_FORMS.flatMap(({ claim, forms, outcome }) =>
    forms.map((form) => [claim, JSON.stringify(form), outcome, form] as const),
  )
  it.each(rows)('%s as %s comes to %s', async (claim, _, outcome, form) => {
    expect(await outcomeOf(claim, form)).toBe(outcome)
  })
})

describe('what the caller is told', () => {
  it('nothing between two spaces is no scope: the caller never holds an empty one', async () => {
    const issuer = await createTokenIssuer()
    const decision = await issuer
      .guard()
      .judge(await issuer.bearer({ ...userToken, scp: ' Orders.Read   Orders.Write ' }))
    expect(decision).toMatchObject({ caller: { scopes: ['Orders.Read', 'Orders.Write'] } })
  })

  it('a token with an empty scope is that of a user and never passes for an application', async () => {
    const issuer = await createTokenIssuer()
    for (const scp of ['', ' ', [], null]) {
      const claims = { ...userToken, sub: userToken.oid, scp, roles: ['Orders.Read.All'] }
      expect(await issuer.guard().judge(await issuer.bearer(claims))).toMatchObject({
        reason: 'missing_scope',
      })
    }
  })

  it('the number of version 1 tokens is read by the same rule', async () => {
    const issuer = await createTokenIssuer()
    const judge = async (appidacr: unknown) =>
      issuer.guard().judge(await issuer.bearer({ ...userTokenV1, appidacr, aud: [userTokenV1.aud] }))
    expect(await judge(2)).toMatchObject({ caller: { clientProof: 'appidacr' } })
    expect(await judge(0)).toMatchObject({ reason: 'public_client' })
  })
})
