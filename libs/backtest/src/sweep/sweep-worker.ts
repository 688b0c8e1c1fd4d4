// A thread of a sweep: runs batches of combinations over bars that all threads share.
import { parentPort } from 'node:worker_threads';
import { assert } from '@scalpstorm/kernel';
import type { BarColumns } from '@scalpstorm/strategies';
import { loadStrategy } from '@scalpstorm/strategy-files';
import { type Batch, type Ground, noCombination, type Outcome, type Reply, type Request } from './messages.js';
import { SeriesChannel } from './series-channel.js';
import { SharedGarbage } from './shared-garbage.js';
import { Trials } from './trials.js';

const port = parentPort;
assert(port !== null, 'the worker of a sweep is started as a thread');
const reply = (message: Reply): void => port.postMessage(message);
const garbage = new SharedGarbage();

let trials: Trials | null = null;
let exchange: SeriesChannel | null = null;
let barsBytes = 0;
let mark: Int32Array = new Int32Array(1);

port.on('message', async (request: Request) => {
  if (request.kind === 'run') {
    reply({ kind: 'ran', outcomes: run(request) });
    return;
  }
  if (request.kind === 'rest') {
    await rest();
    return;
  }
  mark = request.mark;
  reply(await begin(request.ground));
});

async function begin({ bars, strategy, market, series }: Ground): Promise<Reply> {
  const loaded = await loadStrategy(strategy, { isProbed: true });
  if (!loaded.ok) {
    const { code, text, next } = loaded.error;
    return { kind: 'refused', fault: { code, text, next } };
  }
  barsBytes = bytesOf(bars);
  exchange = new SeriesChannel(series);
  trials = new Trials(bars, loaded.value.strategy, market, { exchange });
  return { kind: 'begun' };
}

async function rest(): Promise<void> {
  exchange?.close();
  const bytes = barsBytes + (exchange?.sharedBytes ?? 0);
  trials = null;
  exchange = null;
  barsBytes = 0;
  await garbage.add(bytes);
}

const bytesOf = ({ openedAt, open, high, low, close, volume }: BarColumns): number =>
  [openedAt, open, high, low, close, volume].reduce((sum, { byteLength }) => sum + byteLength, 0);

function run({ from, combinations }: Batch): readonly Outcome[] {
  assert(trials !== null, 'a thread of a sweep was asked to run before it began');
  const outcomes: Outcome[] = [];
  for (const [place, parameters] of combinations.entries()) {
    Atomics.store(mark, 0, from + place);
    outcomes.push(trials.run(parameters));
  }
  Atomics.store(mark, 0, noCombination);
  return outcomes;
}
