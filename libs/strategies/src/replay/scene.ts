import { exampleInstrument } from '@scalpstorm/engine/testing';
import { Timestamp, unwrap } from '@scalpstorm/kernel';
import { type Candle, type JsonObject, Price, Quantity, type Timeframe, timeframeLength } from '@scalpstorm/model';
import { file } from '../builder/scene.js';
import { prediction } from '../model-signal/scene.js';
import type { ConfiguredStrategy, Strategy } from '../sdk/define.js';
import { VenueModel } from '../testing.js';
import { JournalPen, type WrittenRow } from './journal-pen.js';
import type { JournalRow } from './read-journal.js';

// A bot whose journal is kept as the strategy service keeps it: together with its state, so that a restart goes back in both.

const above: JsonObject = { is: '>', left: { bar: 'close' }, right: 100 };

/** Parameters with which each trades in a market about 100, and others to which they may be edited. */
export const tried: Readonly<Record<string, readonly [JsonObject, JsonObject]>> = {
  'scalping-cycle': [
    { quantity: '1', buyPrice: { fixed: '100' }, sellPrice: { fixed: '101' } },
    { quantity: '2', buyPrice: { fixed: '99.5' }, sellPrice: { fixed: '101' } },
  ],
  'model-signal': [
    { quantity: '0.5', marginBps: '1', takeProfitPercent: '0.6', stopLossPercent: '0.6', holdSeconds: 30 },
    { quantity: '1', marginBps: '1', takeProfitPercent: '0.4', stopLossPercent: '0.6', holdSeconds: 20 },
  ],
  grid: [
    { lower: '96', upper: '104', levels: 6, quantity: '1' },
    { lower: '96', upper: '102', levels: 4, quantity: '1' },
  ],
  dca: [
    { quantity: '1', safetyOrders: 4, deviationPercent: '1', volumeScale: '1.5', takeProfitPercent: '1' },
    { quantity: '1', safetyOrders: 2, deviationPercent: '0.5', volumeScale: '1.5', takeProfitPercent: '0.5' },
  ],
  'market-making': [
    { quantity: '1', lots: 4, refreshSeconds: 1, toleranceBps: '1' },
    { quantity: '1', lots: 2, refreshSeconds: 1, toleranceBps: '1' },
  ],
  rule: overBars({
    rule: file({ enter: above, exit: { not: above } }),
  }),
  'ema-cross': overBars({ fast: 2, slow: 4 }),
  'macd-trend': overBars({ fastPeriod: 2, slowPeriod: 4, signalPeriod: 2 }),
  'rsi-reversion': overBars({ period: 3, buyBelow: 45, sellAbove: 55 }),
  bollinger: overBars({ period: 4, deviations: 0.5 }),
  'volume-breakout': overBars({ entryBars: 2, exitBars: 2, volumeBars: 2, volumeFactor: 1 }),
  supertrend: overBars({ period: 2, multiplier: 0.5 }),
};

function overBars(parameters: JsonObject): readonly [JsonObject, JsonObject] {
  const usual = { quantity: '0.5', slippageBps: '50', ...parameters };
  return [usual, { ...usual, quantity: '0.25', stopLossPercent: '0.5' }];
}

export class Kept {
  readonly venue: VenueModel;
  rows: WrittenRow[] = [];
  private pen: JournalPen;
  private saved = 0;
  private current: ConfiguredStrategy;

  constructor(
    private readonly strategy: Strategy,
    private parameters: JsonObject,
    private readonly every = 50,
  ) {
    this.pen = new JournalPen(0, every);
    this.current = this.configured(parameters);
    this.venue = new VenueModel(this.watched());
    this.venue.market('99.99', '100.01');
    this.venue.atr = Price.of('0.5');
  }

  /** State and journal are written down together. */
  save(): void {
    this.venue.save();
    this.saved = this.rows.length;
  }

  restart(): void {
    this.takeIn();
    this.venue.restart();
  }

  /** By another process, without a step that changes anything. */
  takeIn(): void {
    this.rows = this.rows.slice(0, this.saved);
    this.pen = new JournalPen(this.rows.at(-1)?.number ?? 0, this.every);
  }

  edit(parameters: JsonObject): void {
    this.current = this.configured(parameters);
    this.parameters = parameters;
    this.pen.begin('edit');
    this.venue.edit(this.watched());
  }

  /** Rows that were to be written are lost, and so told. */
  lose(): void {
    this.pen.begin('gap');
  }

  /** The journal as it was, while the state is what it is. */
  forget(before: readonly WrittenRow[]): void {
    this.rows = [...before];
    this.saved = before.length;
  }

  journal(): JournalRow[] {
    return this.rows.map(({ number, text }) => ({ number, entry: JSON.parse(text) as JsonObject }));
  }

  private configured(parameters: JsonObject): ConfiguredStrategy {
    return unwrap(this.strategy.configure(parameters, exampleInstrument()));
  }

  private watched(): ConfiguredStrategy {
    const { current } = this;
    return {
      ...current,
      step: (state, event, context) => {
        const step = current.step(state, event, context);
        if (step.state === state && step.effects.length === 0) return step;
        const before = { strategy: this.strategy.id, parameters: this.parameters, state };
        this.rows.push(...this.pen.note(before, { event, context, effects: step.effects }));
        return step;
      },
    };
  }
}

export interface Act {
  readonly what: (typeof acts)[number];
  readonly pick: number;
}

export const acts = [
  ...(['bar', 'bar', 'bar', 'bar', 'correct', 'market', 'market', 'market', 'predict', 'forget'] as const),
  ...(['deliver', 'deliver', 'deliver', 'repeat', 'accept', 'fill', 'fill', 'fill', 'expire', 'reject'] as const),
  ...(['deny', 'tick', 'tick', 'save', 'save', 'restart', 'edit', 'pause', 'resume', 'start', 'start'] as const),
  ...(['stop', 'flatten', 'released', 'gap'] as const),
];

export function act(kept: Kept, { what, pick }: Act, [usual, edited]: readonly [JsonObject, JsonObject]): void {
  const { venue } = kept;
  const cents = 9_850 + (pick % 300);
  if (what === 'bar') closeBar(venue, pick);
  if (what === 'correct')
    venue.bars = (venue.bars ?? []).map((bar, at) => (at % 7 === 3 ? { ...bar, trades: pick } : bar));
  if (what === 'market') venue.market(String(cents / 100), String((cents + 1 + (pick % 3)) / 100));
  if (what === 'predict') predict(venue, pick);
  if (what === 'forget') venue.prediction = null;
  if (what === 'deliver') venue.deliver(pick);
  if (what === 'repeat') venue.repeat(pick);
  if (what === 'accept') venue.accept();
  if (what === 'fill') venue.fill([1, 250, 1000, 1000][pick % 4] ?? 1000, pick % 5 === 0 ? 'BNB' : 'usual');
  if (what === 'expire') venue.end('expired');
  if (what === 'reject') venue.end('rejected');
  if (what === 'deny') venue.denyNext = 'ORDER_RATE_EXCEEDED';
  if (what === 'tick') venue.pass((pick % 200) / 10);
  if (what === 'save') kept.save();
  if (what === 'restart') kept.restart();
  if (what === 'edit') kept.edit(pick % 2 === 0 ? usual : edited);
  if (what === 'pause') venue.command({ kind: 'paused' });
  if (what === 'resume') venue.command({ kind: 'resumed' });
  if (what === 'start') venue.command({ kind: 'started' });
  if (what === 'stop') venue.command({ kind: 'stop-asked', reason: 'stop' });
  if (what === 'flatten') venue.command({ kind: 'flatten-asked' });
  if (what === 'released') venue.hear({ kind: 'released' });
  if (what === 'gap') venue.bars = pick % 3 === 0 ? null : (venue.bars ?? []).slice(-20);
}

function predict(venue: VenueModel, pick: number): void {
  venue.prediction = prediction(venue, 0.5 + (pick % 50) / 100, (pick % 30) / 10);
  venue.hear({ kind: 'prediction' });
}

const kept = 40;
const timeframe: Timeframe = '1m';

function closeBar(venue: VenueModel, pick: number): void {
  const before = venue.bars ?? [];
  const length = timeframeLength[timeframe];
  const openedAt = before.at(-1)?.openedAt ?? Math.floor(venue.now / length) * length - length;
  const close = Price.of(String((9_900 + (pick % 200)) / 100));
  const open = before.at(-1)?.close ?? close;
  const [low = open, high = open] = [open, close].toSorted((left, right) => Number(left - right));
  const bar: Candle = {
    ...{ instrumentId: exampleInstrument().id, timeframe, openedAt: Timestamp.fromMicros(openedAt + length) },
    ...{ open, close, high, low },
    ...{ volume: Quantity.of(String(1 + (pick % 9))), trades: 1, closed: true },
  };
  venue.bars = [...before, bar].slice(-kept);
  venue.now = Timestamp.fromMicros(Math.max(venue.now, openedAt + 2 * length));
  venue.hear({ kind: 'bar' });
}
