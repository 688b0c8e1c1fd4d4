import { exampleInstrument } from '@scalpstorm/engine/testing';
import { unwrap } from '@scalpstorm/kernel';
import { type JsonObject, Money, Price, Quantity } from '@scalpstorm/model';
import { scalpingCycle } from './scalping-cycle/scalping-cycle.js';
import type { ConfiguredStrategy } from './sdk/define.js';
import type { Effect } from './sdk/strategy.js';
import { VenueModel } from './testing.js';

// A bot at a venue, and what it says in one line each, for scenarios in the language of a trader.

const fixed: JsonObject = { quantity: '1', buyPrice: { fixed: '100' }, sellPrice: { fixed: '110' } };

export const configured = (parameters: JsonObject = {}): ConfiguredStrategy =>
  unwrap(scalpingCycle.configure({ ...fixed, ...parameters }, exampleInstrument()));

export const world = (parameters: JsonObject = {}, lastPrice: Price | null = Price.of('100')): VenueModel =>
  new VenueModel(configured(parameters), lastPrice);

/** Effects in one line each, without the waits and without the line that repeats what is placed. */
export function told(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) => {
    if (effect.kind === 'place') {
      const { side, type, quantity, price, purpose, clientOrderId } = effect.order;
      const at = price === null ? type : Price.format(price);
      return [
        `${purpose} ${side} ${Quantity.format(quantity)} at ${at} (${clientOrderId.slice(9)}, ask ${effect.ask})`,
      ];
    }
    if (effect.kind === 'cancel') return [`cancel ${effect.clientOrderId.slice(9)}: ${effect.reason}`];
    if (effect.kind === 'log') return effect.code === 'ORDER_ASKED' ? [] : [`${effect.level} ${effect.code}`];
    if (effect.kind === 'reached') return [`reached ${effect.milestone}: ${effect.reason.code}`];
    if (effect.kind === 'cycle-completed')
      return [`cycle ${effect.cycle.number} net ${Money.format(effect.cycle.net)}`];
    return [];
  });
}

/** Delivers all that waits, and says what came of it. */
export function news(venue: VenueModel): string[] {
  const before = venue.effects.length;
  venue.deliverAll();
  return told(venue.effects.slice(before));
}

/** Its first order rests at the venue. */
export function started(parameters: JsonObject = {}): VenueModel {
  const venue = world(parameters);
  venue.command({ kind: 'started' });
  venue.accept();
  venue.deliverAll();
  return venue;
}

export function fillAll(venue: VenueModel): string[] {
  venue.fill(1000);
  return news(venue);
}

/** It has bought at 100, less the fee of a thousandth. */
export function holding(parameters: JsonObject = {}): VenueModel {
  const venue = started(parameters);
  fillAll(venue);
  return venue;
}
