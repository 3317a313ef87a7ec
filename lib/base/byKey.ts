import { putLast } from './putLast.ts'

/** More keys than any settings name; a library's callers may name more. */
const MOST_KEPT = 1_000

/** One value for each key, made when it is first asked for and kept. Where there are too many, the one that was used longest ago is made anew. */
export function byKey<Key, Value>(
  make: (key: Key) => Value,
  /** Says which keys are the same. */
  nameOf: (key: Key) => string = String,
): (key: Key) => Value {
  const made = new Map<string, Value>()
  return (key) => {
    const name = nameOf(key)
    const value = made.get(name) ?? make(key)
    putLast(made, name, value, MOST_KEPT)
    return value
  }
}
