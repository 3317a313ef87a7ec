import { expect, test } from 'vitest'
import type { App } from '../../../lib/app.ts'
import { logEnded, logStarted } from '../../../lib/http/sessionEvents.ts'
import { personHash } from '../../../lib/session/rows.ts'
import { heldEffects } from '../../support/heldEffects.ts'
import { CLAIMS } from '../../support/idTokens.ts'

const where = { correlationId: 'the-correlation-id' }
const person = personHash(CLAIMS)

test('a session that had ended already leaves no line, whoever ended it', () => {
  const effects = heldEffects()
  for (const by of ['sign-out', 'entra', 'limit', 'replaced'] as const)
    logEnded({ effects } as Partial<App> as App, where, by, undefined)

  expect(effects.logs).toEqual([])
})

test('what begins and what ends is told of one person by one hash, in which no id can be read', () => {
  const effects = heldEffects()
  const app = { effects } as Partial<App> as App
  logStarted(app, where, person)
  logEnded(app, where, 'entra', person)

  expect(effects.logs).toEqual([
    { level: 'info', event: 'session.started', facts: { ...where, person } },
    { level: 'info', event: 'session.ended', facts: { ...where, person, by: 'entra' } },
  ])
  for (const id of [CLAIMS.oid, CLAIMS.tid, CLAIMS.sub])
    expect(JSON.stringify(effects.logs)).not.toContain(id)
})
