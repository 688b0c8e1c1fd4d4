/**
 * What follows from a value that never changes, found out once. Prices come far more often than a state changes, and at each of them the
 * same would be read out of the same state. Forgotten together with the value.
 */
export function oncePer<Key extends object, Value extends NonNullable<unknown> | null>(
  find: (key: Key) => Value,
): (key: Key) => Value {
  const found = new WeakMap<Key, Value>();
  return (key) => {
    const known = found.get(key);
    if (known !== undefined) return known;
    const value = find(key);
    found.set(key, value);
    return value;
  };
}
