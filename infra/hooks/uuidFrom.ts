/** The first 128 bits of a digest as a UUID of a version whose bits come from its maker (RFC 9562 sections 5.5 and 5.8). */
export function uuidFrom(digest: Uint8Array, version: 5 | 8): string {
  const bits = Buffer.from(digest.subarray(0, 16))
  bits.writeUInt8((bits.readUInt8(6) & 0x0f) | (version << 4), 6)
  bits.writeUInt8((bits.readUInt8(8) & 0x3f) | 0x80, 8)
  return bits.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
