import { describe, expect, it } from 'vitest'
import { allowedTenant, issuerFor } from '../../../lib/entra/issuer.ts'
import { OTHER_TENANT, TENANT } from '../../support/configOf.ts'

describe('issuerFor', () => {
  it('fills the tenant into a template, and leaves an issuer as it is', () => {
    expect(issuerFor('https://login.example/{tenantid}/v2.0', TENANT)).toBe(
      `https://login.example/${TENANT}/v2.0`,
    )
    expect(issuerFor(`https://login.example/${TENANT}/v2.0`, OTHER_TENANT)).toBe(
      `https://login.example/${TENANT}/v2.0`,
    )
  })
})

describe('allowedTenant', () => {
  it.each<[unknown, boolean]>([
    [TENANT, true],
    [OTHER_TENANT, false],
    [TENANT.toUpperCase(), false],
    [` ${TENANT}`, false],
    [[TENANT], false],
    ['{tenantid}', false],
    ['', false],
    [undefined, false],
    [null, false],
    [{}, false],
  ])('of %j is there: %s', (tid, isAllowed) => {
    expect(allowedTenant(tid, [TENANT])).toBe(isAllowed ? TENANT : undefined)
  })

  it('is never there where none is allowed', () => {
    expect(allowedTenant(TENANT, [])).toBeUndefined()
  })
})
