import { Cache, CacheUnavailable } from './cache.js';

interface Entry {
  readonly value: string | Map<string, string>;
  readonly expiresAtMs: number;
}

/** The cache of a test: in memory, and lost when the test says so. */
export class MemoryCache extends Cache {
  private readonly entries = new Map<string, Entry>();
  lost = false;

  constructor(private readonly nowMs: () => number = () => performance.now()) {
    super();
  }

  async get(key: string): Promise<string | null> {
    const value = this.read(key);
    return typeof value === 'string' ? value : null;
  }

  getMany(keys: readonly string[]): Promise<readonly (string | null)[]> {
    return Promise.all(keys.map((key) => this.get(key)));
  }

  async set(key: string, value: string, ttlMs: number): Promise<void> {
    if (!this.lost) this.write(key, value, ttlMs);
  }

  async setFields(key: string, fields: Readonly<Record<string, string>>, ttlMs: number): Promise<void> {
    if (this.lost) return;
    const known = this.read(key);
    this.write(key, new Map([...(known instanceof Map ? known : []), ...Object.entries(fields)]), ttlMs);
  }

  async getFields(key: string): Promise<Readonly<Record<string, string>>> {
    const value = this.read(key);
    return value instanceof Map ? Object.fromEntries(value) : {};
  }

  async delete(key: string): Promise<void> {
    await this.healthy();
    this.entries.delete(key);
  }

  async increment(key: string, ttlMs: number): Promise<number> {
    await this.healthy();
    const count = Number(this.read(key) ?? 0) + 1;
    const expiresAtMs = count === 1 ? this.nowMs() + ttlMs : (this.entries.get(key)?.expiresAtMs ?? 0);
    this.entries.set(key, { value: String(count), expiresAtMs });
    return count;
  }

  async healthy(): Promise<void> {
    if (this.lost) throw new CacheUnavailable('the cache is lost');
  }

  private read(key: string): string | Map<string, string> | undefined {
    const entry = this.entries.get(key);
    if (this.lost || entry === undefined || entry.expiresAtMs <= this.nowMs()) return undefined;
    return entry.value;
  }

  private write(key: string, value: string | Map<string, string>, ttlMs: number): void {
    this.entries.set(key, { value, expiresAtMs: this.nowMs() + ttlMs });
  }
}
