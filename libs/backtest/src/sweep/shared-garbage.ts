import { Session } from 'node:inspector/promises';

const bytesMaxUsual = 128 * 1024 * 1024;

/**
 * Shared memory that this thread has let go of. V8 does not count it, so that the memory of one sweep after another would pile up
 * until something else makes it collect garbage: a collection is asked for when there is more than `bytesMax`.
 */
export class SharedGarbage {
  private bytes = 0;

  constructor(private readonly bytesMax = bytesMaxUsual) {}

  /** @param bytes to which nothing of this thread refers any more */
  async add(bytes: number): Promise<void> {
    this.bytes += bytes;
    if (this.bytes <= this.bytesMax) return;
    this.bytes = 0;
    await collectGarbage();
  }
}

/** By the inspector of this thread itself, which needs no flag of V8 and listens on no port; some 10 ms. */
async function collectGarbage(): Promise<void> {
  const session = new Session();
  session.connect();
  try {
    await session.post('HeapProfiler.collectGarbage');
  } finally {
    session.disconnect();
  }
}
