/**
 * Random bytes, a few at a time. Each question to the machine has its price, and a request needs some again and
 * again: for its id, for nonces. They are drawn together and given out once each. Secrets are not: as much as a key has is drawn when it is
 * asked for, so that no memory holds the secret of a session that is yet to begin.
 */

/** As many bytes as a secret has, or more, are drawn at once. */
const SECRET_BYTES = 32
const DRAWN_BYTES = 4_096

export function drawRandom(source: (bytes: number) => Uint8Array): (bytes: number) => Uint8Array {
  let drawn = new Uint8Array()
  return (bytes) => {
    if (bytes >= SECRET_BYTES) return new Uint8Array(source(bytes))
    if (drawn.length < bytes) drawn = new Uint8Array(source(DRAWN_BYTES))
    const given = drawn.slice(0, bytes)
    drawn = drawn.subarray(bytes)
    return given
  }
}
