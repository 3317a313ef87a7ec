/** Everything a handler may use, built once per instance by `compose.ts`. */

import type { Effects } from './base/effects.ts'
import type { Config } from './config/config.ts'
import type { ClientCredential } from './credential/clientCredential.ts'
import type { AppOnlyTokens } from './entra/appOnlyTokens.ts'
import type { RedeemCode } from './entra/codeRedemption.ts'
import type { ProviderKeys } from './entra/providerKeys.ts'
import type { RedemptionBulkhead } from './entra/redemptionBulkhead.ts'
import type { TokenAttempts } from './entra/tokenAttempts.ts'
import type { UserTokens } from './grant/userTokens.ts'
import type { Guard } from './guard/guard.ts'
import type { Rotation } from './rotation/openRotation.ts'
import type { SessionStore } from './session/tableStore.ts'

export interface App {
  readonly config: Config
  readonly effects: Effects
  readonly credential: ClientCredential
  readonly providerKeys: ProviderKeys
  /** What this instance's token requests for people came to. */
  readonly tokenAttempts: Pick<TokenAttempts, 'standingFault'>
  readonly redeemCode: RedeemCode
  /** Keeps codes that are made up from taking all there is. */
  readonly redemptions: Pick<RedemptionBulkhead, 'admit'>
  /** Access as the app itself, where a separate client is configured for it. */
  readonly appOnly?: AppOnlyTokens
  /** The exchange of each client's certificate, where the app does it. */
  readonly rotations: readonly Rotation[]
  /** Access as the person who is signed in. */
  readonly userTokens: UserTokens
  readonly sessions: SessionStore
  /** Of the app's own API: `/protected/whoami`. */
  readonly guard: Guard
}
