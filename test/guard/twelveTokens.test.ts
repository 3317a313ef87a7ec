import { describe, expect, it } from 'vitest'
import { judgeTwelve, TWELVE_TOKENS } from './twelveTokens.ts'

const judged = await judgeTwelve()

describe('twelve tokens', () => {
  it('there are twelve', () => expect(TWELVE_TOKENS).toHaveLength(12))

  it.each(judged)('$token: $expected', ({ decision, expected }) => {
    expect(decision.kind === 'accepted' ? 'accepted' : decision.reason).toBe(expected)
  })

  it('an accepted user comes with tenant, object, client, scopes and the claim that said 2', () => {
    const [version2, version1, application] = judged.map(({ decision }) => decision)

    expect(version2).toMatchObject({
      caller: {
        kind: 'user',
        tokenVersion: '2.0',
        clientProof: 'azpacr',
        scopes: ['Orders.Read', 'Orders.Write'],
      },
    })
    expect(version1).toMatchObject({
      caller: {
        kind: 'user',
        tokenVersion: '1.0',
        clientProof: 'appidacr',
        scopes: ['Orders.Read'],
        roles: [],
      },
    })
    expect(application).toMatchObject({ caller: { kind: 'app', roles: ['Orders.Read.All'] } })
  })
})
