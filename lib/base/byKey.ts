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
    made.delete(name)
    made.set(name, value)
    const [oldest] = made.keys()
    if (made.size > MOST_KEPT && oldest !== undefined) made.delete(oldest)
    return value
  }
}
