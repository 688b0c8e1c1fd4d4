/** The strategy service writes what comes at once in one transaction; the gateway has six of its own. */
const atOnce = 16;

/**
 * Does the work for every item, a few at a time; fails with the first failure, after what was begun has ended.
 * @template Item
 * @param {readonly Item[]} items
 * @param {(item: Item) => Promise<unknown>} work
 */
export async function eachOf(items, work) {
  const left = items.values();
  const lane = async () => {
    for (const item of left) await work(item);
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, lane));
  const failed = ended.find(({ status }) => status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
