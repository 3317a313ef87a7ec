/** Files by which tpm2-tools take and give what is not secret: digests, signatures, wrapped keys. In a folder of our own, for one use. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'

/**
 * What `use` makes of a new folder that nobody else can look into. It is gone afterwards, unless the process is killed meanwhile: then a digest
 * and its signature stay behind, which say nothing without the text that was signed.
 */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(`${tmpdir()}/signet-tpm-`)
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export async function readBytes(path: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(path))
}

export async function writeBytes(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(path, bytes, { mode: 0o600 })
}
