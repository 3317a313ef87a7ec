/** Everything a handler may use, built once per instance by `compose.ts`. */
import type { Config } from './config.ts'
import type { ClientCredential } from './credential/clientCredential.ts'
import type { Effects } from './effects.ts'
import type { RedeemCode } from './entra/codeRedemption.ts'
import type { ProviderKeys } from './entra/providerKeys.ts'
import type { SessionStore } from './session/tableStore.ts'

export interface App {
  readonly config: Config
  readonly effects: Effects
  readonly credential: ClientCredential
  readonly providerKeys: ProviderKeys
  readonly redeemCode: RedeemCode
  readonly sessions: SessionStore
}
