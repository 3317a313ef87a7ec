/** Whether Kestrel takes a Host header: letters, digits and some marks, or an address in brackets; then perhaps a port. Not an empty one: no address can be written with it. */
export function isHostHeader(text: string): boolean {
  return /^(?:[A-Za-z0-9!$&'()\-._~]+|\[[0-9A-Fa-f:.]{3,}\])(?::[0-9]+)?$/.test(text)
}
