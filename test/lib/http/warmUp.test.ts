import { expect, it } from 'vitest'
import { AppError } from '../../../lib/errors/appError.ts'
import { warmUp } from '../../../lib/http/warmUp.ts'
import { configOf } from '../../support/configOf.ts'

it('gets table, assertion, metadata and keys ready, before the first request; what fails is nobody’s fault yet', async () => {
  const warmed: string[] = []
  const config = configOf()
  warmUp({
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
  await new Promise((resolve) => setImmediate(resolve))

  expect(warmed).toEqual(['the table', config.entra.token, 'metadata and keys'])
})
