import { decodeJwt, decodeProtectedHeader } from 'jose'
import { AadstsError } from '../aadsts.ts'
import type { Detail } from '../requestLog.ts'

/** A client assertion taken apart; nothing in it is verified yet. */
export type Assertion = {
  readonly compact: string
  readonly header: { readonly [name: string]: Detail }
  readonly claims: { readonly [name: string]: Detail }
  /** The header names a certificate (`x5t#S256` or `x5t`), as federated tokens never do for this purpose. */
  readonly namesCertificate: boolean
}

/** Seconds by which Entra's clock may differ from the client's. The figure is ours; Microsoft publishes none. */
export const clockToleranceSeconds = 300

/** Takes a client assertion apart, or throws AADSTS50027. */
export function readAssertion(compact: string): Assertion {
  try {
    const header = decodeProtectedHeader(compact) as Assertion['header']
    const claims = decodeJwt(compact) as Assertion['claims']
    return { compact, header, claims, namesCertificate: 'x5t#S256' in header || 'x5t' in header }
  } catch {
    throw new AadstsError(50027)
  }
}

/**
 * Checks `exp` (required) and `nbf` (when present) or throws AADSTS700024. Takes numbers and, as Entra does, numbers
 * written as strings: MSAL.NET sends those.
 */
export function requireWithinTime(assertion: Assertion, nowMs: number): void {
  const nowSec = nowMs / 1000
  const exp = readSeconds(assertion.claims.exp)
  const nbf = assertion.claims.nbf === undefined ? undefined : readSeconds(assertion.claims.nbf)
  const isOver = exp === undefined || exp + clockToleranceSeconds <= nowSec
  const isEarly = 'nbf' in assertion.claims && (nbf === undefined || nbf - clockToleranceSeconds > nowSec)
  if (isOver || isEarly) {
    throw new AadstsError(
      700024,
      `Current time: ${Math.floor(nowSec)}, valid from: ${nbf ?? 'absent'}, expires: ${exp ?? 'absent'}.`,
    )
  }
}

/** A NumericDate, as a number or as a string of digits. */
export function readSeconds(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined
}
