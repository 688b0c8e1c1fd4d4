/** Thrown when our own code broke a promise. Never caught on the way up: the process stops, restarts and recovers. */
export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant';
}

/** Throws {@link BrokenInvariant} unless the condition holds. For bugs only: a wrong input is an outcome. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new BrokenInvariant(message);
}

/** Makes the compiler prove that every case of a union was handled. */
export function unreachable(value: never, what = 'value'): never {
  throw new BrokenInvariant(`unexpected ${what}: ${String(value)}`);
}
