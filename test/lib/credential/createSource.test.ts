/** A source as its settings describe it: which one it is, and whom it asks first. */
import { expect, it } from 'vitest'
import { ENTRA_PROFILE } from '../../../lib/credential/assertionProfile.ts'
import { createSource } from '../../../lib/credential/createSource.ts'
import type { SharedIdentity } from '../../../lib/credential/sharedIdentity.ts'
import { AppError } from '../../../lib/errors/appError.ts'
import { CLIENT } from '../../support/configOf.ts'
import { TOKEN_ENDPOINT } from '../../support/credentialWorld.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'

const asked: string[] = []
/** Shared already, and with no token for anybody. */
const identity: SharedIdentity = {
  getToken: async (scope) => {
    asked.push(`token ${scope}`)
    throw new AppError('identity/unavailable')
  },
  ready: async (scope) => {
    asked.push(`ready ${scope}`)
    throw new AppError('identity/unavailable')
  },
  renew: async () => undefined,
  isAwaited: () => false,
}
const parts = { clientId: CLIENT, profile: ENTRA_PROFILE, effects: heldEffects(), identity }
const missing = '/nowhere/certificate.pem'

it.each([
  [
    { kind: 'vault', vault: { url: 'https://contoso.vault.azure.net', certificate: 'signing' } },
    'identity/unavailable',
    ['ready https://vault.azure.net/.default'],
  ],
  [
    { kind: 'managed-identity', clientId: CLIENT, audience: 'api://AzureADTokenExchange' },
    'identity/unavailable',
    ['ready api://AzureADTokenExchange/.default'],
  ],
  [
    { kind: 'tpm', tpm: { handle: '0x81010001', tcti: 'x', certificateFile: missing } },
    'tpm/key_unusable',
    [],
  ],
  [{ kind: 'pem', file: missing }, 'pem/key_unusable', []],
] as const)(
  '%j is asked for an assertion where it keeps its key, and nobody else is',
  async (settings, code, whom) => {
    asked.length = 0
    const source = createSource(settings, parts)

    expect(source.kind).toBe(settings.kind)
    expect(asked, 'not before an assertion is needed').toEqual([])
    expect((await faultOf(() => source.assertionFor(TOKEN_ENDPOINT))).code).toBe(code)
    expect(asked).toEqual(whom)
  },
)

it('a managed identity is asked without a word of tenants, for it lives in one', async () => {
  const options: unknown[] = []
  const source = createSource(
    { kind: 'managed-identity', clientId: CLIENT, audience: 'api://AzureADTokenExchange' },
    {
      ...parts,
      identity: {
        getToken: async (_scopes, given) => {
          options.push(given)
          return null
        },
      },
    },
  )

  expect((await faultOf(() => source.assertionFor(TOKEN_ENDPOINT))).code).toBe('identity/unavailable')
  expect(options).toEqual([{}])
})
