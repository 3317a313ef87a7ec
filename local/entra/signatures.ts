/** Which key signed what the look-alike was shown, accepted or refused: the book that a rotation is judged by. */

export type SignatureUse = {
  /** Milliseconds since the epoch. */
  readonly atMs: number
  /** A client assertion at the token endpoint, or a proof of possession at Graph. */
  readonly purpose: 'assertion' | 'proof'
  readonly clientId: string
  /** base64url SHA-256 of the certificate; for one that is not registered, what the header named; undefined where it named none. */
  readonly thumbprint: string | undefined
  /** The AADSTS number, or what was wrong with the proof; undefined where it was accepted. */
  readonly refusal: number | string | undefined
}

type Book = { readonly signatures: SignatureUse[]; readonly now: () => number }

export function noteSignature({ signatures, now }: Book, use: Omit<SignatureUse, 'atMs'>): void {
  signatures.push({ atMs: now(), ...use })
}
