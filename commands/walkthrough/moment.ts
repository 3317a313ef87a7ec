/** A NumericDate (RFC 7519 section 2) with the moment that it means, in UTC. */
export function moment(seconds: number): string {
  return `${seconds}  ${new Date(seconds * 1_000).toISOString().slice(0, 19).replace('T', ' ')}Z`
}
