/** Unpacks a ZIP archive into a folder by its central directory, as a platform does, and checks every file on the way. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { crc32, inflateRawSync } from 'node:zlib'

const END = 0x06054b50
const END_BYTES = 22
const CENTRAL = 0x02014b50
const CENTRAL_BYTES = 46
const LOCAL = 0x04034b50
const LOCAL_BYTES = 30

interface Entry {
  readonly path: string
  readonly content: Buffer
  /** Modification date and time in the format's own bits. */
  readonly dosDate: number
  readonly dosTime: number
  /** Mode of the file. */
  readonly mode: number
}

/** The entries in the order of the directory. Throws on anything but a plain archive of deflated files. */
export function readZip(archive: Uint8Array): Entry[] {
  const bytes = Buffer.from(archive)
  const end = bytes.length - END_BYTES
  if (end < 0 || bytes.readUInt32LE(end) !== END) throw new Error('The archive has no end.')
  const entries: Entry[] = []
  let at = bytes.readUInt32LE(end + 16)
  while (entries.length < bytes.readUInt16LE(end + 10)) {
    if (bytes.readUInt32LE(at) !== CENTRAL) throw new Error('The directory is broken.')
    const nameLength = bytes.readUInt16LE(at + 28)
    const path = bytes.toString('utf8', at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameLength)
    const content = contentAt(bytes, bytes.readUInt32LE(at + 42), bytes.readUInt32LE(at + 20))
    if (crc32(content) !== bytes.readUInt32LE(at + 16) || content.length !== bytes.readUInt32LE(at + 24))
      throw new Error(`${path} is damaged.`)
    entries.push({
      path,
      content,
      dosTime: bytes.readUInt16LE(at + 12),
      dosDate: bytes.readUInt16LE(at + 14),
      mode: bytes.readUInt32LE(at + 38) >>> 16,
    })
    at += CENTRAL_BYTES + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  if (at !== end) throw new Error('The directory does not end where the archive does.')
  return entries
}

/** Writes every file of the archive under the folder. Throws on a path that leads out of it. */
export async function unpackZip(archive: Uint8Array, folder: string): Promise<void> {
  for (const { path, content, mode } of readZip(archive)) {
    if (path.startsWith('/') || path.split('/').includes('..')) throw new Error(`${path} leads astray.`)
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content, { mode })
  }
}

function contentAt(bytes: Buffer, local: number, compressedLength: number): Buffer {
  if (bytes.readUInt32LE(local) !== LOCAL) throw new Error('A file is not where the directory says.')
  const start = local + LOCAL_BYTES + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
  return inflateRawSync(bytes.subarray(start, start + compressedLength))
}
