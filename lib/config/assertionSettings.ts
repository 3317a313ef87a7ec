/** By whose rules assertions are made, and how long each lives: for the app by its settings, for the library by its options. */
import type { SettingsReader } from './settingsReader.ts'

export interface AssertionSettings {
  /** By whose rules an assertion is made. */
  readonly profile: 'entra' | 'rfc10070'
  /** How long an assertion lives from the moment it is signed, in seconds. */
  readonly lifetimeSec: number
}

/** What lives long may be used again; what is used once need not live long. */
const LIFETIMES_SEC = {
  entra: 540,
  rfc10070: 60,
} as const

/** `names`: what the two are called where they are set. */
export function readAssertionSettings(
  read: SettingsReader,
  names: { readonly profile: string; readonly lifetime: string },
): AssertionSettings {
  const profile = read.oneOf(names.profile, ['entra', 'rfc10070'])
  const isSet = read.optionalText(names.lifetime) !== ''
  return { profile, lifetimeSec: isSet ? read.integer(names.lifetime, 60, 600) : LIFETIMES_SEC[profile] }
}
