import { describe, expect, it } from 'vitest'
import { configOf } from '../../support/configOf.ts'

describe('Microsoft Graph', () => {
  it.each([
    [{}, 'https://graph.microsoft.com'],
    [{ ENTRA_AUTHORITY_HOST: 'https://contoso.ciamlogin.com' }, 'https://graph.microsoft.com'],
    [{ ENTRA_AUTHORITY_HOST: 'https://login.microsoftonline.us' }, 'https://graph.microsoft.us'],
    [
      { ENTRA_AUTHORITY_HOST: 'https://login.partner.microsoftonline.cn' },
      'https://microsoftgraph.chinacloudapi.cn',
    ],
    [
      {
        ENTRA_AUTHORITY_HOST: 'https://login.microsoftonline.us',
        GRAPH_URL: 'https://dod-graph.microsoft.us/',
      },
      'https://dod-graph.microsoft.us',
    ],
  ])('with %o is at %s', (settings, origin) => {
    expect(configOf(settings).graphOrigin).toBe(origin)
  })
})
