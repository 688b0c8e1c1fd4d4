/** Weather: Redis could not be asked. */
export class CacheUnavailable extends Error {
  override readonly name = 'CacheUnavailable';
  readonly code = 'CACHE_UNAVAILABLE';
}

/**
 * What can be lost at any moment without losing anything. Keys get the namespace in front. Reading a lost cache is a miss and writing
 * to it does nothing; the two operations whose callers must know throw {@link CacheUnavailable}.
 */
export abstract class Cache {
  /** Null when it is not there, has expired, or the cache is lost. */
  abstract get(key: string): Promise<string | null>;
  /** As {@link get}, in the order of the keys. */
  abstract getMany(keys: readonly string[]): Promise<readonly (string | null)[]>;
  /** Never throws for a lost cache: the next reader misses. */
  abstract set(key: string, value: string, ttlMs: number): Promise<void>;
  /** Replaces some fields of a hash, such as the last price of each instrument. Never throws for a lost cache. */
  abstract setFields(key: string, fields: Readonly<Record<string, string>>, ttlMs: number): Promise<void>;
  /** Every field of a hash; none when it is not there, has expired, or the cache is lost. */
  abstract getFields(key: string): Promise<Readonly<Record<string, string>>>;
  /** @throws CacheUnavailable because others may go on reading what should be gone */
  abstract delete(key: string): Promise<void>;
  /**
   * Counts from 1 within a window that begins with the first call and lasts `ttlMs`.
   * @throws CacheUnavailable because only the caller knows whether not to count means to allow or to refuse
   */
  abstract increment(key: string, ttlMs: number): Promise<number>;
  /** @throws CacheUnavailable */
  abstract healthy(): Promise<void>;
}
