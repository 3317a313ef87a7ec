import { expect, it } from 'vitest'
import { AppError } from '../../../lib/errors/appError.ts'
import { warmUp } from '../../../lib/http/warmUp.ts'
import { configOf } from '../../support/configOf.ts'

it('gets table, assertion, metadata and keys ready, a moment after the start; what fails is nobody’s fault yet', async () => {
  const warmed: unknown[] = []
  const config = configOf()
  await warmUp({
    effects: { sleep: async (ms) => void warmed.push(ms) },
    config,
    credential: { warm: (tokenEndpoint: string) => void warmed.push(tokenEndpoint) },
    sessions: { warm: () => void warmed.push('the table') },
    providerKeys: {
      async check() {
        warmed.push('metadata and keys')
        throw new AppError('entra/unavailable')
      },
    },
  })

  expect(warmed).toEqual([20, 'the table', config.entra.token, 'metadata and keys'])
})
