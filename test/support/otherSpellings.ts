const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The three other texts that a lenient base64url decoder takes for the same 32 bytes: they differ in the two bits left over. */
export function otherSpellings(secret: string): string[] {
  const last = ALPHABET.indexOf(secret.slice(-1))
  return [1, 2, 3].map((bits) => `${secret.slice(0, -1)}${ALPHABET.charAt(last ^ bits)}`)
}
