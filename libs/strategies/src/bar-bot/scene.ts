import { exampleInstrument } from '@scalpstorm/engine/testing';
import { assert, Timestamp, unwrap } from '@scalpstorm/kernel';
import { type Candle, type JsonObject, Price, Quantity, timeframeLength } from '@scalpstorm/model';
import { defineBarStrategy } from '../bars/bar-strategy.js';
import type { ConfiguredStrategy } from '../sdk/define.js';
import type { Effect } from '../sdk/strategy.js';
import { VenueModel } from '../testing.js';
import { barBot } from './bar-bot.js';
import type { BarBotState } from './state.js';

// A rule that does what the volume of a bar says, so that a spec writes down what it wants at each bar.

export const says = { nothing: 0, enter: 1, exit: 2, enterGuarded: 3, tighten: 4, peek: 5 } as const;
export type Said = keyof typeof says;

const minute = timeframeLength['1m'];

/** It insists on hearing every bar once and in order. */
export const obedient = defineBarStrategy({
  id: 'obedient',
  title: 'Obedient',
  description: 'Does what the volume says.',
  source: 'This spec.',
  parameters: {
    warmUp: { kind: 'integer', title: 'Warm-up', description: 'Bars.', default: 2, min: 0, max: 5_000 },
  },
  warmUp: ({ warmUp }) => warmUp,
  decider: () => {
    let last: number | null = null;
    let count = 0;
    return {
      onClose(bar, desk) {
        assert(last === null || bar.openedAt === last + minute, 'a bar was not heard in its turn');
        assert(bar.index === count, 'bars are counted from the first that is heard');
        [last, count] = [bar.openedAt, count + 1];
        if (bar.volume === says.enter || bar.volume === says.enterGuarded) desk.enter(`bar ${bar.index}`);
        if (bar.volume === says.exit) desk.exit(`bar ${bar.index}`);
        if (bar.volume === says.tighten) desk.stopAt(bar.close);
        if (bar.volume === says.peek) desk.takeProfitAt(bar.closeAgo(1));
        if (bar.volume !== says.enterGuarded) return;
        desk.stopAt(bar.close * 0.99);
        desk.takeProfitAt(bar.close * 1.01);
      },
      snapshot: () => ({ last, count }),
      restore(snapshot) {
        [last, count] = [snapshot['last'] as number | null, snapshot['count'] as number];
      },
    };
  },
});

export const configured = (changes: JsonObject = {}): ConfiguredStrategy =>
  unwrap(barBot(obedient).configure({ quantity: '0.5', ...changes }, exampleInstrument()));

/** The bar that opens so many minutes after the first. */
export const barOf = (place: number, said: Said = 'nothing', close = '100'): Candle => {
  const price = Price.of(close);
  return {
    instrumentId: exampleInstrument().id,
    timeframe: '1m',
    openedAt: Timestamp.fromMicros(28_333_333 * minute + place * minute),
    ...{ open: price, high: price, low: price, close: price },
    volume: Quantity.of(`${says[said]}`),
    trades: 1,
    closed: true,
  };
};

/** Closes one more bar behind those that are known, or, where none is, the one that runs; and lets the bot hear of it. */
export const close = (venue: VenueModel, said: Said = 'nothing', price?: string): readonly Effect[] =>
  know(venue, [...(venue.bars ?? []), barOf(nextPlace(venue), said, price)]);

export function nextPlace({ bars, now }: VenueModel): number {
  const last = bars?.at(-1)?.openedAt;
  return last === undefined ? placeAt(now) : placeAt(last) + 1;
}

/** The bar that runs at a time. */
export const placeAt = (time: number): number => Math.floor((time - barOf(0).openedAt) / minute);

/** These bars are known; it is the moment at which the newest has closed, unless it is later already. */
export function know(venue: VenueModel, bars: readonly Candle[]): readonly Effect[] {
  venue.bars = bars;
  const closedAt = (bars.at(-1)?.openedAt ?? 0) + minute;
  venue.now = Timestamp.fromMicros(Math.max(venue.now, closedAt));
  return venue.hear({ kind: 'bar' });
}

/** A bot that was started at a market of 100 to 100.01. */
export function world(changes: JsonObject = {}): VenueModel {
  const venue = new VenueModel(configured(changes));
  venue.now = barOf(0).openedAt;
  venue.market('100', '100.01');
  venue.command({ kind: 'started' });
  return venue;
}

/** It has heard three bars, and decides from now on. */
export function warm(changes: JsonObject = {}): VenueModel {
  const venue = world(changes);
  for (const _ of [0, 1, 2]) close(venue);
  return venue;
}

/** It has bought at the close of the fourth bar. */
export function holding(said: Said = 'enter', changes: JsonObject = {}): VenueModel {
  const venue = warm(changes);
  close(venue, said);
  venue.fill(1000);
  venue.deliverAll();
  return venue;
}

export const ruleOf = (venue: VenueModel) => (venue.state as BarBotState).rule;
