import { describe, expect, it } from 'vitest'
import { grantOfRecord, sessionOfRecord } from '../../../lib/session/versions.ts'
import { faultOf } from '../../support/faultOf.ts'
import { grantOf, sessionOf } from '../../support/sessionOf.ts'

describe('a record', () => {
  it('of this build is read as it was written', () => {
    expect(sessionOfRecord({ v: 2, ...sessionOf() })).toStrictEqual(sessionOf())
    expect(grantOfRecord({ v: 2, ...grantOf() })).toStrictEqual(grantOf())
  })

  it.each([sessionOfRecord, grantOfRecord])('of a newer build is not read: %o', async (read) => {
    const { code, context } = await faultOf(() => read({ v: 3, ...sessionOf() }))

    expect([code, context.detail]).toEqual(['session/newer_record', 'version 3'])
  })
})
