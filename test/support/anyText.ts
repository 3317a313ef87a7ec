import fc from 'fast-check'

const codeUnit = fc
  .oneof(fc.integer({ min: 0, max: 0x7f }), fc.integer({ min: 0x80, max: 0xffff }))
  .map((code) => String.fromCharCode(code))

/** Text of any UTF-16 code units, half of them ASCII: control characters and lone surrogates among them. */
export function anyText(maxLength = 64): fc.Arbitrary<string> {
  return fc.string({ unit: codeUnit, maxLength })
}
