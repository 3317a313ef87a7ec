/** What a refusal by Entra says of a version, and how often it has to be said. */
import type { Effects } from '../base/effects.ts'
import { AppError } from '../errors/appError.ts'
import type { HeldVersion, RotationPorts, Trial } from './ports.ts'

/** So many refusals in a row are believed. */
const REFUSALS = 3
/** Pause between them. */
const PAUSE_MS = 1_000

/**
 * A trial that throws `entra/client_rejected` only where each of several was refused: one place of a directory may not have heard yet of what
 * others know. A version that signs gives way for nothing less, because whoever has given way does not come back.
 */
export function trialInDoubt(
  trial: RotationPorts['trial'],
  sleep: Effects['sleep'],
): (held: HeldVersion) => Promise<Trial> {
  return async (held) => {
    for (let refusals = 1; refusals < REFUSALS; refusals += 1) {
      try {
        return await trial(held)
      } catch (fault) {
        if (!isRefusal(fault)) throw fault
        await sleep(PAUSE_MS)
      }
    }
    return trial(held)
  }
}

/** Whether Entra accepts a version already, which an earlier run may have registered. Throws what else a trial throws. */
export async function accepts(
  held: HeldVersion,
  trial: (held: HeldVersion) => Promise<Trial>,
): Promise<boolean> {
  try {
    await trial(held)
    return true
  } catch (fault) {
    if (isRefusal(fault)) return false
    throw fault
  }
}

export function isRefusal(fault: unknown): boolean {
  return fault instanceof AppError && fault.code === 'entra/client_rejected'
}

/** That the vault cannot sign with it. */
export function isUnusable(fault: unknown): boolean {
  return fault instanceof AppError && fault.code === 'vault/key_unusable'
}
