/**
 * The forms in which a claim may come. Entra writes each in one; other issuers and the libraries that read their tokens know more, and
 * those that mean the same are taken. What is of no such form is not guessed at.
 */

/** The one audience: a text, or a list of one. A token that is for others besides is for nobody here. */
export function audienceIn(aud: unknown): string | undefined {
  const [only, ...others] = Array.isArray(aud) ? aud : [aud]
  return isText(only) && others.length === 0 ? only : undefined
}

/** How the client proved itself: a text, or the number it spells. */
export function proofIn(claim: unknown): string | undefined {
  if (typeof claim === 'number') return String(claim)
  return isText(claim) ? claim : undefined
}

/** The roles: a list of texts, or one text, which is one role. Members that are no texts grant nothing. */
export function rolesIn(roles: unknown): readonly string[] {
  return textsIn(roles)
}

/** The scopes: words between spaces (RFC 6749 section 3.3), in one text or a list of texts. Nothing between two spaces is no scope. */
export function scopesIn(scp: unknown): readonly string[] {
  return textsIn(scp)
    .flatMap((text) => text.split(' '))
    .filter(isText)
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function textsIn(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter(isText)
}
