import { describe, expect, it } from 'vitest'
import { signInAddress } from '../../client/signInAddress.ts'

const page = { origin: 'https://app.contoso.com', basePath: '', returnTo: '/orders?page=2#row-7' }

describe('the address that a 401 offers for sign-in', () => {
  it('gets the way back to the page and keeps what it demands', () => {
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
    const loginUrl = `/auth/login?${new URLSearchParams({ claims, scope: 'openid profile' })}`
    const address = new URL(signInAddress(loginUrl, page) ?? '', page.origin)

    expect(address.pathname).toBe('/auth/login')
    expect(Object.fromEntries(address.searchParams)).toEqual({
      claims,
      scope: 'openid profile',
      returnTo: page.returnTo,
    })
  })

  it('has one way back, to the page, whatever way back it came with', () => {
    for (const loginUrl of ['/auth/login', '/auth/login?', '/auth/login?returnTo=%2Fa&returnTo=%2Fb'])
      expect(signInAddress(loginUrl, page)).toBe('/auth/login?returnTo=%2Forders%3Fpage%3D2%23row-7')
  })

  it('lies below the base path, where there is one, and nowhere else', () => {
    const mounted = { ...page, basePath: '/api' }

    expect(signInAddress('/api/auth/login', mounted)).toBe(
      '/api/auth/login?returnTo=%2Forders%3Fpage%3D2%23row-7',
    )
    expect(signInAddress('/auth/login', mounted)).toBeUndefined()
    expect(signInAddress('/api/auth/login', page)).toBeUndefined()
  })

  it.each([
    'https://evil.example/auth/login',
    '//evil.example/auth/login',
    '/\\evil.example/auth/login',
    'javascript:alert(1)//auth/login',
    'data:text/html,/auth/login',
    'http://app.contoso.com/auth/login',
    'https://app.contoso.com:8443/auth/login',
    '/orders',
    '/auth/login/',
    '/auth/login/../logout',
    '/auth/logout',
    '',
    undefined,
    null,
    7,
    {},
    ['/auth/login'],
  ])('is none where it leads elsewhere: %j', (loginUrl) => {
    expect(signInAddress(loginUrl, page)).toBeUndefined()
  })
})
