import { describe, expect, it } from 'vitest'
import { LONGEST_ENTRA_URL } from '../../../lib/entra/authorizationRequest.ts'
import { endSessionUrl } from '../../../lib/entra/endSession.ts'
import { configOf } from '../../support/configOf.ts'

const config = configOf()

describe('the end-session URL', () => {
  it('comes back to the registered page, and says whose page that is', () => {
    const query = `client_id=${config.clientId}&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fauth%2Fsigned-out`
    expect(endSessionUrl(config, undefined)).toBe(`${config.entra.endSession}?${query}`)
  })

  it('carries the hint as one parameter, whatever is in it', () => {
    const hint = 'O.CiR&post_logout_redirect_uri=https://evil.example#'
    const sent = new URL(endSessionUrl(config, hint)).searchParams

    expect([...sent.keys()]).toEqual(['client_id', 'post_logout_redirect_uri', 'logout_hint'])
    expect(sent.get('logout_hint')).toBe(hint)
    expect(sent.get('post_logout_redirect_uri')).toBe(config.app.signedOutUri)
  })

  it('goes without a hint that makes it longer than Entra takes', () => {
    const room = LONGEST_ENTRA_URL - endSessionUrl(config, '').length
    const fits = endSessionUrl(config, 'a'.repeat(room))

    expect([fits.length, new URL(fits).searchParams.get('logout_hint')?.length]).toEqual([
      LONGEST_ENTRA_URL,
      room,
    ])
    expect(endSessionUrl(config, 'a'.repeat(room + 1))).toBe(endSessionUrl(config, undefined))
  })
})
