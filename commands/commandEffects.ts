/** The effects of a command: those of the app, but for connections that go through the proxy which the environment names. */
import type { Effects } from '../lib/base/effects.ts'
import { exchangeOfProcess } from '../lib/base/exchange.ts'
import { realEffects } from '../lib/base/realEffects.ts'

export const commandEffects: Effects = { ...realEffects, exchange: exchangeOfProcess }
