/** One value for each key, made when it is first asked for and kept: for keys that settings and code name, never for what comes from outside. */
export function byKey<Key, Value>(
  make: (key: Key) => Value,
  /** Says which keys are the same. */
  nameOf: (key: Key) => string = String,
): (key: Key) => Value {
  const made = new Map<string, Value>()
  return (key) => {
    const name = nameOf(key)
    const known = made.get(name)
    if (known !== undefined) return known
    const added = make(key)
    made.set(name, added)
    return added
  }
}
