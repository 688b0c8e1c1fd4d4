import { describe, expect, it } from '@jest/globals';
import { memoryWorld } from '@scalpstorm/bus/testing';
import { quoteChanged, tradeTicked } from '@scalpstorm/contracts';
import { featureNames, featureSetId, samplesOf } from '@scalpstorm/learning';
import { waveMarket } from '@scalpstorm/learning/testing';
import { EventId } from '@scalpstorm/model';
import { HealthRegistry, Metrics, WallClock } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { eventually, FakeClock } from '@scalpstorm/testkit';
import type { ModelCard } from '../domain/model-card.js';
import { InferenceMetrics } from '../inference-metrics.js';
import { type LoadedModel, ModelRunner } from '../ports/model-runner.js';
import { type FoundModel, ModelSource } from '../ports/model-source.js';
import { Dispatcher } from './dispatcher.js';
import { MarketHandler } from './market.handler.js';
import { Models } from './models.js';
import { Predict } from './predict.js';

const card: ModelCard = {
  name: 'direction',
  version: '1',
  sha256: '',
  input: 'features',
  output: 'probabilities',
  outputs: ['up', 'down'],
  featureSet: featureSetId,
  features: featureNames,
  serves: ['sim:*'],
  validForMs: 1_000,
  horizonMs: 8_000,
  payoff: { up: { winBps: 1, lossBps: 1 }, down: { winBps: 1, lossBps: 1 } },
  baseRates: null,
  edge: { found: false, text: '' },
  note: '',
};

class OneModel extends ModelSource {
  async list(): Promise<readonly FoundModel[]> {
    return [{ name: 'direction', version: '1', stamp: 's' }];
  }
  async read() {
    return { ok: true as const, card, bytes: new Uint8Array() };
  }
}

/** Keeps what it is given. */
class Recorder extends ModelRunner {
  readonly concurrency = 1;
  readonly fault = null;
  readonly rows: Float32Array[] = [];
  async load(): Promise<{ ok: true; model: LoadedModel }> {
    const run = async (data: Float32Array, rows: number) => {
      for (let row = 0; row < rows; row += 1)
        this.rows.push(data.slice(row * featureNames.length, (row + 1) * featureNames.length));
      return new Float32Array(rows * 2).fill(0.5);
    };
    const nothing = { abandon: () => undefined, close: async () => undefined };
    return { ok: true, model: { provider: 'cpu', skipped: [], isAlive: true, run, ...nothing } };
  }
  async close(): Promise<void> {}
}

class TurnedClock extends WallClock {
  constructor(readonly hand: FakeClock) {
    super();
  }
  now() {
    return this.hand.now();
  }
}

describe('what serving computes', () => {
  type Market = ReturnType<typeof waveMarket>;

  /** What the model is asked while a market is heard, and `beside` it another by a handler that does not predict. */
  async function rowsOf(market: Market, beside: Market = []) {
    const clock = new TurnedClock(new FakeClock());
    const runner = new Recorder();
    const metrics = new InferenceMetrics(new Metrics('inference'));
    const settings = { batchMax: 1_000, batchWaitMs: 0, queueMax: 100_000, runMsMax: 60_000 };
    const dispatcher = new Dispatcher(runner, settings, clock, metrics, new RecordingLog());
    const models = new Models(
      new OneModel(),
      runner,
      dispatcher,
      { pollMs: 1_000 },
      new RecordingLog(),
      metrics,
      new HealthRegistry(),
    );
    await models.look();
    const world = await memoryWorld();
    const { bus } = await world.connect('inference');
    const predict = new Predict(models, dispatcher, bus, clock, metrics);
    const predicting = new MarketHandler(predict, { predicts: true });
    const silent = new MarketHandler(predict, { predicts: false });
    const meta = { eventId: EventId.of('e'), causedBy: null, occurredAt: clock.now(), recordedAt: clock.now() };
    const tell = (hearer: MarketHandler, event: Market[number]) => {
      if (event.kind === 'quote')
        hearer.onQuote(quoteChanged.decode(quoteChanged.encode({ meta, quote: event.quote })));
      else hearer.onTrade(tradeTicked.decode(tradeTicked.encode({ meta, trade: event.trade })));
    };
    for (const [index, event] of market.entries()) {
      clock.hand.set(event.at);
      const other = beside[index];
      if (other !== undefined) tell(silent, other);
      tell(predicting, event);
    }
    const trained = samplesOf(market).map(({ values }) => values);
    expect(trained.length).toBeGreaterThan(50);
    await eventually(() => expect(runner.rows.length).toBe(trained.length));
    await world.close();
    return { asked: runner.rows, trained };
  }
  const market = waveMarket({ seed: 23, seconds: 40, waveBps: 6 });

  it('is bit by bit what training computed from the same market, through the wire', async () => {
    const { asked, trained } = await rowsOf(market);
    expect(asked).toEqual(trained);
  });

  it('is nothing of what is heard by one that does not predict', async () => {
    const { asked, trained } = await rowsOf(market, waveMarket({ seed: 24, seconds: 40, waveBps: 60 }));
    expect(asked).toEqual(trained);
  });
});
