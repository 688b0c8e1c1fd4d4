import { BroadcastChannel } from 'node:worker_threads';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SeriesChannel } from './series-channel.js';

const series = (key: string) => ({ key, columns: { line: new Float64Array(new SharedArrayBuffer(80)) } });

const open: SeriesChannel[] = [];
function channel(name: string): SeriesChannel {
  const opened = new SeriesChannel(name);
  open.push(opened);
  return opened;
}
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

describe('the channel of the series of a sweep', () => {
  it('tells the others of the same name, in the same turn, and in the same memory', () => {
    const [left, right, apart] = [channel('one'), channel('one'), channel('other')];
    const told = series('ema 3');
    left.tell(told);
    left.tell(series('ema 4'));
    const heard = right.next();
    expect([heard?.key, right.next()?.key, right.next()]).toEqual(['ema 3', 'ema 4', null]);
    told.columns.line[0] = 7;
    expect(heard?.columns.line?.[0]).toBe(7);
    expect([left.next(), apart.next()]).toEqual([null, null]);
  });

  it('keeps what comes while nothing is run', async () => {
    const [left, right] = [channel('one'), channel('one')];
    await untilHeard('one', () => left.tell(series('ema 3')));
    left.tell(series('ema 4'));
    expect([right.next()?.key, right.next()?.key, right.next()]).toEqual(['ema 3', 'ema 4', null]);
  });

  it('counts the bytes of what it told, of what it heard, and of what came and was not asked for', async () => {
    const [left, right] = [channel('one'), channel('one')];
    await untilHeard('one', () => left.tell(series('ema 3')));
    left.tell(series('ema 4'));
    right.next();
    expect([left.sharedBytes, right.sharedBytes]).toEqual([160, 80]);
    const late = channel('one');
    await untilHeard('one', () => left.tell(series('ema 5')));
    late.close();
    expect(late.sharedBytes).toBe(80);
  });
});

/** Until the event loop has delivered what is told under this name. */
async function untilHeard(name: string, tell: () => void): Promise<void> {
  const listener = new BroadcastChannel(name);
  const heard = new Promise((resolve) => {
    listener.onmessage = resolve;
  });
  tell();
  await heard;
  listener.close();
}
