import { expect, it } from 'vitest'
import type { App } from '../../../lib/app.ts'
import { warmUp } from '../../../lib/http/warmUp.ts'
import { configOf } from '../../support/configOf.ts'

it('gets assertion and table ready, before the first request', () => {
  const warmed: string[] = []
  const config = configOf()
  const app = {
    config,
    credential: { warm: (tokenEndpoint: string) => void warmed.push(tokenEndpoint) },
    sessions: { warm: () => void warmed.push('the table') },
  } as unknown as App
  warmUp(app)

  expect(warmed).toEqual([config.entra.token, 'the table'])
})
