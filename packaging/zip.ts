/**
 * Writes a ZIP archive (PKWARE APPNOTE 6.3.10), as little of it as a deployment needs. By hand, because what matters here is that the
 * same files give the same bytes: no time of day, no order of a file system, no rights of a machine. Libraries that can do so weigh
 * more than these lines. Compressed bytes are those of zlib, so they are the same for one version of Node.
 */
import { crc32, deflateRawSync } from 'node:zlib'

export interface PackedFile {
  /** With forward slashes, relative to the root of the archive. */
  readonly path: string
  readonly content: Uint8Array
}

/** 1 January 1980, 00:00: the earliest that the format knows. */
const DOS_DATE = (1 << 5) | 1
const DOS_TIME = 0
const VERSION = 20
const MADE_BY_UNIX = (3 << 8) | VERSION
const UTF8_NAMES = 1 << 11
const DEFLATED = 8
const REGULAR_FILE = (0o100644 << 16) >>> 0

/** The archive, its entries in the order of their paths. */
export function zip(files: readonly PackedFile[]): Uint8Array {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { path, content } of files.toSorted((one, other) => (one.path < other.path ? -1 : 1))) {
    const name = Buffer.from(path)
    const compressed = deflateRawSync(content, { level: 9 })
    // What both headers of a file have in common, from the version that is needed to the length of the extra field.
    const common = Buffer.concat([
      u16(VERSION, UTF8_NAMES, DEFLATED, DOS_TIME, DOS_DATE),
      u32(crc32(content), compressed.length, content.length),
      u16(name.length, 0),
    ])
    const local = Buffer.concat([u32(0x04034b50), common, name, compressed])
    const noCommentNorDisk = u16(0, 0, 0)
    directory.push(u32(0x02014b50), u16(MADE_BY_UNIX), common, noCommentNorDisk)
    directory.push(u32(REGULAR_FILE, offset), name)
    locals.push(local)
    offset += local.length
  }
  const directoryLength = directory.reduce((sum, { length }) => sum + length, 0)
  const end = [u32(0x06054b50), u16(0, 0, files.length, files.length), u32(directoryLength, offset), u16(0)]
  return new Uint8Array(Buffer.concat([...locals, ...directory, ...end]))
}

/** Numbers of two bytes, little-endian. */
function u16(...values: readonly number[]): Buffer {
  return Buffer.concat(values.map((value) => Buffer.from([value & 0xff, value >>> 8])))
}

/** Numbers of four bytes, little-endian. */
function u32(...values: readonly number[]): Buffer {
  return Buffer.concat(values.map((value) => u16(value & 0xffff, value >>> 16)))
}
