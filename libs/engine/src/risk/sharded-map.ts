const shardCount = 256;

/**
 * An immutable map for ten thousand keys: a change copies one shard of them and the list of shards, not everything.
 * Iteration follows the shards, so its order depends on the keys alone.
 */
export class ShardedMap<Key extends string, Value> {
  static empty<Key extends string, Value>(): ShardedMap<Key, Value> {
    const nothing: ReadonlyMap<Key, Value> = new Map();
    return new ShardedMap(new Array<ReadonlyMap<Key, Value>>(shardCount).fill(nothing));
  }

  private constructor(private readonly shards: readonly ReadonlyMap<Key, Value>[]) {}

  get(key: Key): Value | undefined {
    return this.shards[shardOf(key)]?.get(key);
  }

  with(key: Key, value: Value): ShardedMap<Key, Value> {
    const index = shardOf(key);
    return new ShardedMap(this.shards.with(index, new Map(this.shards[index]).set(key, value)));
  }

  *entries(): Generator<readonly [Key, Value]> {
    for (const shard of this.shards) yield* shard.entries();
  }

  *values(): Generator<Value> {
    for (const shard of this.shards) yield* shard.values();
  }
}

/** FNV-1a, 32 bits, folded to the number of shards. */
function shardOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return (hash ^ (hash >>> 16)) & (shardCount - 1);
}
