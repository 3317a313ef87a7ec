/** Writes DER (X.690), as much of it as a certificate needs. Every function returns one complete element. */

function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag]), lengthOf(content), content])
}

function lengthOf(content: Buffer): Buffer {
  if (content.length < 0x80) return Buffer.from([content.length])
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(content.length)
  const significant = bytes.subarray(bytes.findIndex((byte) => byte !== 0))
  return Buffer.concat([Buffer.from([0x80 | significant.length]), significant])
}

function base128(value: number): number[] {
  const digits = [value & 0x7f]
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) digits.unshift((rest & 0x7f) | 0x80)
  return digits
}

/** The elements of DER that certificates are made of; integers are non-negative, big-endian bytes. */
export const der = {
  sequence: (...parts: readonly Uint8Array[]) => element(0x30, ...parts),
  set: (...parts: readonly Uint8Array[]) => element(0x31, ...parts),
  boolean: (value: boolean) => element(0x01, Buffer.from([value ? 0xff : 0])),
  null: () => element(0x05),
  octetString: (content: Uint8Array) => element(0x04, content),
  utf8String: (text: string) => element(0x0c, Buffer.from(text)),

  /** A leading zero keeps a set high bit from reading as a minus sign. */
  integer: (bytes: Uint8Array) => {
    const isNegativeLooking = (bytes[0] ?? 0) >= 0x80
    return element(0x02, isNegativeLooking ? Buffer.from([0]) : Buffer.alloc(0), bytes)
  },

  bitString: (content: Uint8Array, unusedBits = 0) => element(0x03, Buffer.from([unusedBits]), content),

  objectIdentifier: (dotted: string) => {
    const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
    return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
  },

  /** RFC 5280, 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050 on. */
  time: (at: Date) => {
    const digits = at.toISOString().replaceAll(/[-:T]|\.\d+/g, '')
    return at.getUTCFullYear() < 2050
      ? element(0x17, Buffer.from(digits.slice(2)))
      : element(0x18, Buffer.from(digits))
  },

  /** `[number]` around complete elements (constructed). */
  explicit: (number: number, ...parts: readonly Uint8Array[]) => element(0xa0 | number, ...parts),
  /** `[number]` in the place of a primitive element's own tag. */
  implicit: (number: number, content: Uint8Array) => element(0x80 | number, content),
} as const
