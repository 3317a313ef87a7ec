import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { issuerFaults, issuerFor } from '../../../lib/config/issuerTemplate.ts'
import { OTHER_TENANT, TENANT } from '../../support/configOf.ts'

describe('issuerFor', () => {
  it('fills the tenant into every place of a template, and leaves an issuer as it is', () => {
    expect(issuerFor('https://login.example/{tenantid}/v2.0', TENANT)).toBe(
      `https://login.example/${TENANT}/v2.0`,
    )
    expect(issuerFor('https://{tenantid}.ciamlogin.com/{tenantid}/v2.0', TENANT)).toBe(
      `https://${TENANT}.ciamlogin.com/${TENANT}/v2.0`,
    )
    expect(issuerFor(`https://login.example/${TENANT}/v2.0`, OTHER_TENANT)).toBe(
      `https://login.example/${TENANT}/v2.0`,
    )
  })

  it('takes no part of a tenant id for an instruction', () => {
    for (const tenantId of ['$&', '$1', "$'", '$$', '{tenantid}'])
      expect(issuerFor('a {tenantid} b', tenantId)).toBe(`a ${tenantId} b`)
  })
})

describe('an issuer in a setting', () => {
  it.each([
    'https://login.microsoftonline.com/{tenantid}/v2.0',
    'https://{tenantid}.ciamlogin.com/{tenantid}/v2.0',
    'https://sts.windows.net/{tenantid}/',
    'https://login.contoso.com',
    'https://login.contoso.com/',
    'http://127.0.0.1:8080/{tenantid}/v2.0',
  ])('%s is taken as it is', (issuer) => {
    expect(issuerFaults(issuer)).toEqual([])
  })

  it.each<[string, RegExp]>([
    ['login.contoso.com', /must be an https URL/],
    ['http://login.contoso.com', /must use https/],
    ['https://login.contoso.com/{tenantId}/v2.0', /no other placeholder/],
    ['https://login.contoso.com/{tenant}/v2.0', /no other placeholder/],
    ['https://login.contoso.com/{tenantid', /no other placeholder/],
    ['https://login.contoso.com/v2.0?x', /must not carry/],
    ['https://user@login.contoso.com/v2.0', /must not carry/],
    ['https://Login.contoso.com/v2.0', /letter by letter/],
    ['HTTPS://login.contoso.com/v2.0', /letter by letter/],
    ['https://login.contoso.com:443/v2.0', /letter by letter/],
    ['https://login.contoso.com/a/../v2.0', /letter by letter/],
    ['https://bücher.example/v2.0', /letter by letter/],
    ['https://login.contoso.com/\u200b', /cannot be seen/],
  ])('%j is refused, for no token would hold it', (issuer, fault) => {
    expect(issuerFaults(issuer)).toEqual([expect.stringMatching(fault)])
  })

  it('throws at nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(issuerFaults(`https://${text}`)).toBeInstanceOf(Array)
      }),
    )
  })
})
