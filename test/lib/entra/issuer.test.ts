import { describe, expect, it } from 'vitest'
import { allowedTenant } from '../../../lib/entra/issuer.ts'
import { OTHER_TENANT, TENANT } from '../../support/configOf.ts'

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
