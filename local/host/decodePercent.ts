/**
 * Decodes percent-encoded UTF-8 the way ASP.NET Core does: what is not valid stays as it was written.
 * `decodeURIComponent` would throw, and `URLSearchParams` would put a replacement character.
 */
export function decodePercent(text: string): string {
  if (!text.includes('%')) return text
  return text.replace(/(?:%[0-9a-f]{2})+/gi, decodeRun)
}

function decodeRun(run: string): string {
  let decoded = ''
  for (let at = 0; at < run.length; ) {
    const [character, length] = decodeOne(run, at)
    decoded += character
    at += length
  }
  return decoded
}

/** The character whose UTF-8 octets begin at `at`, or the undecodable octet as it stands. */
function decodeOne(run: string, at: number): [character: string, length: number] {
  for (const octets of [1, 2, 3, 4]) {
    try {
      return [decodeURIComponent(run.slice(at, at + 3 * octets)), 3 * octets]
    } catch {
      // Too few octets for this character, or not UTF-8 at all: the next length tells.
    }
  }
  return [run.slice(at, at + 3), 3]
}
