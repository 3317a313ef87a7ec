/** The keys of a provider that answers as the test says. */
import { createProviderKeys } from '../../lib/entra/providerKeys.ts'
import { configOf } from './configOf.ts'
import { heldEffects } from './heldEffects.ts'
import { heldProvider } from './heldProvider.ts'

export const urls = configOf().entra

/** A signing key as JWK. */
export const rsa = (kid: string, members: object = {}) => ({
  kty: 'RSA',
  use: 'sig',
  kid,
  n: `n-${kid}`,
  e: 'AQAB',
  ...members,
})

/** For tokens that anybody can send. */
export function providerKeysWorld(...keys: unknown[]) {
  return worldOf(keys)
}

/** For tokens that come from the token endpoint itself. */
export function signInKeysWorld(...keys: unknown[]) {
  return worldOf(keys, { lookUpPauseMs: 0 })
}

function worldOf(keys: unknown[], options?: { lookUpPauseMs: number }) {
  const effects = heldEffects()
  const provider = heldProvider(urls)
  provider.keys = keys
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  const providerKeys = createProviderKeys(urls, { ...effects, fetch: provider.fetch }, options)
  return { effects, provider, settle, ...providerKeys }
}
