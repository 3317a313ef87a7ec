import { describe, expect, it } from 'vitest'
import { grantOfRecord, sessionOfRecord } from '../../../lib/session/versions.ts'
import { faultOf } from '../../support/faultOf.ts'
import { grantOf, sessionOf } from '../../support/sessionOf.ts'

describe('a record', () => {
  it('of this build is read as it was written', () => {
    expect(sessionOfRecord({ v: 2, ...sessionOf() })).toStrictEqual(sessionOf())
    expect(grantOfRecord({ v: 2, ...grantOf() })).toStrictEqual(grantOf())
  })

  it('of the first build has no device and gives no tokens away', () => {
    const { device: _, ...before } = sessionOf()

    for (const version of [{}, { v: 1 }])
      expect(sessionOfRecord({ ...version, ...before, tokens: { accessToken: 'a' } })).toStrictEqual({
        ...before,
        device: 'unknown device',
      })
  })

  it.each([sessionOfRecord, grantOfRecord])('of a newer build is not read: %o', async (read) => {
    const { code, context } = await faultOf(() => read({ v: 3, ...sessionOf() }))

    expect([code, context.detail]).toEqual(['session/newer_record', 'version 3'])
  })
})
