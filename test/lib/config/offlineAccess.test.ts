import { describe, expect, it } from 'vitest'
import { configOf } from '../../support/configOf.ts'

const APP_ONLY = { APP_ONLY_CLIENT_ID: 'cccccccc-bbbb-4ccc-8ddd-eeeeeeeeeeee' }

function scopesWith(as: string, scopes: string): readonly string[] {
  const scope = as === 'app' ? 'api://orders/.default' : 'api://orders/Orders.Read'
  const appScope = as === 'user-or-app' ? { appScope: 'api://orders/.default' } : {}
  const orders = { url: 'https://orders.example', as, scope, ...appScope }
  const client = as === 'user' ? {} : APP_ONLY
  return configOf({ ...client, DOWNSTREAM_APIS: JSON.stringify({ orders }), ENTRA_SCOPES: scopes }).scopes
}

describe('offline_access', () => {
  it.each(['user', 'user-or-app'])('is asked for by itself where an API is called as "%s", once', (as) => {
    expect(scopesWith(as, 'openid profile')).toEqual(['openid', 'profile', 'offline_access'])
    const named = 'openid profile offline_access'
    expect(scopesWith(as, named)).toEqual(named.split(' '))
  })

  it('is not asked for where nothing uses it', () => {
    expect(scopesWith('app', 'openid profile')).toEqual(['openid', 'profile'])
  })
})
