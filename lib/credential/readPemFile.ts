/** Files that a source is told of: a certificate, and at a desk a key. */
import { readFile } from 'node:fs/promises'

/** Bytes of the longest file that is read: a chain of certificates is far shorter. */
const MOST_BYTES = 65_536

/** The text of a file. Throws as `node:fs` does, and a RangeError for one that is too long to be what it should be. */
export async function readPemFile(path: string): Promise<string> {
  const bytes = await readFile(path)
  if (bytes.length > MOST_BYTES) throw new RangeError(`more than ${MOST_BYTES} bytes`)
  return bytes.toString('utf8')
}
