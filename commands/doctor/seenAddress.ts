/** From which address a request reached the vault, where the vault says so: in a header of every answer, and in words where it refuses. Pure. */

/** The parts of an answer or of a thrown fault that are read; none of them is certain to be there. */
interface Seen {
  readonly message?: unknown
  readonly headers?: { get?(name: string): unknown }
  readonly response?: { readonly headers?: { get?(name: string): unknown } }
}

const HEADER = 'x-ms-keyvault-network-info'
const IPV4 = String.raw`((?:\d{1,3}\.){3}\d{1,3})\b`

/** An IPv4 address, which is what the vault's rules take; `undefined` where none was told. */
export function seenAddress(answer: unknown): string | undefined {
  const { message, headers, response }: Seen = typeof answer === 'object' && answer !== null ? answer : {}
  const told = String((headers ?? response?.headers)?.get?.(HEADER) ?? '')
  const [, address] =
    new RegExp(`(?:^|;)addr=${IPV4}`).exec(told) ??
    new RegExp(`Client address: ${IPV4}`).exec(String(message ?? '')) ??
    []
  return address
}

/** True for an address that no router of the internet knows (RFC 1918). */
export function isPrivateAddress(address: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address)
}
