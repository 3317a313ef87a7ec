import { describe, expect, it } from 'vitest'
import { requirePassable } from '../../../../lib/http/proxy/apiAnswer.ts'
import { outcomeOf } from '../../../support/faultOf.ts'

describe('a status', () => {
  it.each([200, 201, 202, 204, 206, 304, 400, 403, 404, 409, 429, 500, 503, 599])(
    '%i is passed on',
    async (status) => {
      expect(await outcomeOf(() => requirePassable(status, false))).toBe('none')
    },
  )

  it.each([301, 302, 303, 307, 308])(
    '%i is passed on where it stays under the API, and only there',
    async (status) => {
      expect(await outcomeOf(() => requirePassable(status, true))).toBe('none')
      expect(await outcomeOf(() => requirePassable(status, false))).toBe('api/unavailable')
    },
  )

  it('401 speaks of our token and never is', async () => {
    expect(await outcomeOf(() => requirePassable(401, false))).toBe('api/refused_token')
  })

  it.each([300, 305, 306, 399, 407])('%i never is', async (status) => {
    expect(await outcomeOf(() => requirePassable(status, true))).toBe('api/unavailable')
  })

  it.each([0, 99, 100, 199, 600, 999, Number.NaN])('%d is none of HTTP', async (status) => {
    expect(await outcomeOf(() => requirePassable(status, false))).toBe('api/malformed_response')
  })
})
