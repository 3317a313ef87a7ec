import type { Fault } from '../faults.ts'
import type { Answer } from '../stubServer.ts'

/** An answer in Key Vault's error shape; `inner` is the code that says which of several reasons it was. */
export function vaultError(
  status: number,
  code: string,
  message: string,
  inner?: string,
): Answer & { body: object } {
  const innererror = inner === undefined ? {} : { innererror: { code: inner } }
  return { status, body: { error: { code, message, ...innererror } } }
}

/** The refusal that a caller without the role assignment for `action` gets. */
export function forbiddenByRbac(caller: string, action: string, resource: string): Answer & { body: object } {
  const lines = [
    'Caller is not authorized to perform action on resource.',
    'If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.',
    `Caller: ${caller}`,
    `Action: 'Microsoft.KeyVault/vaults/${action}'`,
    `Resource: '${resource}'`,
    'Assignment: (not found)',
  ]
  return vaultError(403, 'Forbidden', lines.join('\r\n'), 'ForbiddenByRbac')
}

/** What signing with a disabled version answers; as a fault, it strikes a version that is enabled. */
export const keyDisabled = {
  kind: 'answer',
  ...vaultError(403, 'Forbidden', 'Operation sign is not allowed on a disabled key.', 'KeyDisabled'),
} satisfies Fault

/** The bodies of switched-on faults. */
export const vaultFaultBodies = {
  throttle: vaultError(
    429,
    'Throttled',
    'Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached',
  ).body,
  forbid: forbiddenByRbac('(fault)', '(fault)', '(fault)').body,
  unavailable: vaultError(503, 'ServiceUnavailable', 'The service is temporarily unavailable.').body,
  broken: vaultError(500, 'InternalServerError', 'An unexpected error occurred.').body,
}
