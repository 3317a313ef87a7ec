/** Puts a value behind all others, as the one used last; of more than `most`, the one used longest ago goes. */
export function putLast<Key, Value>(values: Map<Key, Value>, key: Key, value: Value, most: number): void {
  values.delete(key)
  values.set(key, value)
  if (values.size <= most) return
  const oldest = values.keys().next()
  if (oldest.done !== true) values.delete(oldest.value)
}
