/** `ECONNREFUSED`, `ENOTFOUND`, a certificate's fault: what the layer below `fetch` calls it. */
export function networkFault(fault: unknown): string {
  const cause = fault instanceof Error ? (fault.cause ?? fault) : fault
  if (typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string')
    return cause.code
  return fault instanceof Error ? fault.name : 'unknown'
}
