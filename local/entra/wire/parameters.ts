import { AadstsError } from '../aadsts.ts'

/** Decoded query or form parameters. An empty value counts as absent (RFC 6749 section 3.1). */
export type Parameters = {
  get(name: string): string | undefined
  has(name: string): boolean
  /** In the order sent. */
  readonly names: readonly string[]
  /** The value, or AADSTS900144 naming what is missing. */
  require(name: string): string
  /** The first name that occurs twice, if any: never allowed (RFC 6749 sections 3.1 and 3.2). */
  readonly duplicate: string | undefined
}

/** Reads `application/x-www-form-urlencoded` text. */
export function parseParameters(encoded: string): Parameters {
  const values = new Map<string, string>()
  let duplicate: string | undefined
  for (const [name, value] of new URLSearchParams(encoded)) {
    if (values.has(name)) duplicate ??= name
    else values.set(name, value)
  }
  const get = (name: string) => values.get(name) || undefined
  return {
    get,
    has: (name) => values.has(name),
    names: [...values.keys()],
    require(name) {
      const value = get(name)
      if (value === undefined) throw new AadstsError(900144, `Missing: '${name}'.`)
      return value
    },
    duplicate,
  }
}
