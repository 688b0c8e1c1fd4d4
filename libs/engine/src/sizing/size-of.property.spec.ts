import { describe, expect, it } from '@jest/globals';
import { Money, Price, Quantity } from '@scalpstorm/model';
import fc from 'fast-check';
import { btc, exampleInstrument, usdt } from '../testing.js';
import { dearestFee, rangeOf } from './kernels.js';
import { equityOf, sizeOf } from './size-of.js';
import type { PairFunds, Sizing, SizingBasis, SizingCaps } from './sizing.js';

const amount = fc.bigInt({ min: 0n, max: 10n ** 26n });
const priceUnits = fc
  .bigInt({ min: 10n ** 8n, max: 10n ** 18n })
  .map((units) => Price.floorTo(Price.fromUnits(units + 10n ** 10n), Price.of('0.01')));
const percentage = fc.bigInt({ min: 1n, max: 999_999n });
const funds: fc.Arbitrary<PairFunds> = fc.tuple(amount, amount, amount, amount).map(([a, b, c, d]) => ({
  quote: { currency: usdt, free: { amount: a, currency: usdt }, locked: { amount: b, currency: usdt } },
  base: { currency: btc, free: { amount: c / 1000n, currency: btc }, locked: { amount: d / 1000n, currency: btc } },
}));
const sizings: fc.Arbitrary<Sizing> = fc.oneof(
  amount.map((notional) => ({ kind: 'notional', notional }) as const),
  percentage.map((percent) => ({ kind: 'equity', percent }) as const),
  percentage.map((percent) => ({ kind: 'risk', percent }) as const),
  fc.tuple(percentage, percentage).map(([percent, multiple]) => ({ kind: 'atr', percent, multiple }) as const),
  fc.tuple(percentage, percentage).map(([percent, start]) => ({ kind: 'kelly', percent, start }) as const),
);
const capped: fc.Arbitrary<SizingCaps> = fc.record({
  quantity: fc.bigInt({ min: 1n, max: 10n ** 17n }).map((units) => Quantity.fromUnits(units)),
  notional: fc.option(amount),
  equityPercent: fc.option(percentage),
});
const fees = fc.constantFrom('0', '0.001', '0.0075', '0.02');
const bases: fc.Arbitrary<SizingBasis> = fc
  .record({
    side: fc.constantFrom('buy', 'sell'),
    price: priceUnits,
    mark: priceUnits,
    funds,
    fee: fees,
    atr: fc.bigInt({ min: 0n, max: 10n ** 15n }).map((units) => Price.fromUnits(units)),
    stopPart: fc.integer({ min: 1, max: 9_999 }),
    returns: fc.array(fc.bigInt({ min: -1_000n, max: 1_200n }), { maxLength: 80 }),
  })
  .map(({ fee, stopPart, price, side, ...rest }) => {
    const distance = (price * BigInt(stopPart)) / 10_000n;
    const stop = Price.fromUnits(side === 'buy' ? price - distance : price + distance);
    return { ...rest, side, price, stop, instrument: exampleInstrument({ makerFeeRate: fee, takerFeeRate: fee }) };
  });

const runs = { numRuns: 500 };
const sizedOf = (sizing: Sizing, caps: SizingCaps, around: SizingBasis): bigint => {
  const sized = sizeOf(sizing, caps, around);
  return sized.ok ? sized.value.quantity : 0n;
};
const equityIn = ({ funds: has, mark }: SizingBasis): bigint => (has === null ? 0n : (equityOf(has, mark) ?? 0n));
const noCaps: SizingCaps = { quantity: Quantity.fromUnits(10n ** 30n), notional: null, equityPercent: null };
/** So that the formula alone decides. */
const unbounded = (around: SizingBasis): SizingBasis => ({
  ...around,
  instrument: {
    ...around.instrument,
    quantityMax: Quantity.fromUnits(10n ** 40n),
    quantityMin: Quantity.fromUnits(1n),
    notionalMin: Money.zero(usdt),
    stepSize: Quantity.fromUnits(1n),
  },
});
/** The same equity, all of it free on both sides. */
const rich = (around: SizingBasis): SizingBasis => ({
  ...around,
  side: 'buy',
  stop: around.stop && around.stop < around.price ? around.stop : null,
});

describe('whatever is sized', () => {
  it('is something in most of these scenes, so that they prove anything', () => {
    const scenes = fc.sample(fc.tuple(sizings, bases), { numRuns: 500, seed: 1 });
    const taken = scenes.filter(([sizing, around]) => sizedOf(sizing, noCaps, around) > 0n);
    expect(taken.length).toBeGreaterThan(250);
  });

  it('is never above a cap, nor what the free balance pays with its fee, nor off the step', () => {
    fc.assert(
      fc.property(sizings, capped, bases, (sizing, caps, around) => {
        const { price, instrument, funds: has, side } = around;
        const quantity = sizedOf(sizing, caps, around);
        const value = price * quantity;
        expect(quantity <= caps.quantity).toBe(true);
        expect(quantity <= instrument.quantityMax).toBe(true);
        expect(quantity % instrument.stepSize).toBe(0n);
        if (caps.notional !== null) expect(value <= caps.notional * 10n ** 6n).toBe(true);
        if (caps.equityPercent !== null) {
          expect(value * 1_000_000n <= equityIn(around) * caps.equityPercent * 10n ** 6n).toBe(true);
        }
        if (has === null || side === 'sell') expect(quantity * 10n ** 6n <= (has?.base.free.amount ?? 0n)).toBe(true);
        else {
          const paid = value * (10n ** 12n + dearestFee(instrument));
          expect(paid <= has.quote.free.amount * 10n ** 18n).toBe(true);
        }
      }),
      runs,
    );
  });

  it('loses no more than the money at risk when it is stopped, fees of both orders included', () => {
    fc.assert(
      fc.property(percentage, bases, (percent, around) => {
        const free = unbounded(around);
        const quantity = sizedOf({ kind: 'risk', percent }, noCaps, free);
        const { price, stop, instrument } = free;
        if (stop === null) return;
        const fee = dearestFee(instrument);
        const one = 10n ** 12n;
        // Bought (or sold) at the entry and closed at the stop, each for its fee: 10^-36.
        const moved = (price > stop ? price - stop : stop - price) * quantity * one;
        const loss = moved + (price + stop) * quantity * fee;
        expect(loss * 1_000_000n <= equityIn(free) * percent * 10n ** 18n).toBe(true);
      }),
      runs,
    );
  });

  it('is no less for more equity', () => {
    fc.assert(
      fc.property(sizings, capped, bases, amount, (sizing, caps, around, more) => {
        if (around.funds === null) return;
        const { quote } = around.funds;
        const grown = { ...quote, free: { ...quote.free, amount: quote.free.amount + more } };
        const richer = { ...around, funds: { ...around.funds, quote: grown } };
        expect(sizedOf(sizing, caps, richer) >= sizedOf(sizing, caps, around)).toBe(true);
      }),
      runs,
    );
  });

  it('is the same when all money and prices are counted in a unit a thousandth as large', () => {
    fc.assert(
      fc.property(sizings, capped, bases, (sizing, caps, around) => {
        const free = rich(unbounded(around));
        if (free.funds === null) return;
        const k = 1_000n;
        const times = (price: Price | null) => (price === null ? null : Price.times(price, k));
        const { quote } = free.funds;
        const scaled: SizingBasis = {
          ...free,
          price: Price.times(free.price, k),
          mark: times(free.mark),
          stop: times(free.stop),
          atr: times(free.atr),
          instrument: { ...free.instrument, tickSize: Price.times(free.instrument.tickSize, k) },
          funds: {
            ...free.funds,
            quote: {
              ...quote,
              free: { ...quote.free, amount: quote.free.amount * k },
              locked: { ...quote.locked, amount: quote.locked.amount * k },
            },
          },
        };
        const dearer = sizing.kind === 'notional' ? { ...sizing, notional: sizing.notional * k } : sizing;
        const dearerCaps = { ...caps, notional: caps.notional === null ? null : caps.notional * k };
        const [small, large] = [sizedOf(sizing, caps, free), sizedOf(dearer, dearerCaps, scaled)];
        // What is rounded down once per thousand units of the small money is at most one of its units, worth so much base.
        const slack = 2n + (4n * 10n ** 6n) / free.price + slackOfLoss(free, sizing);
        expect(large >= small && large - small <= slack).toBe(true);
      }),
      runs,
    );
  });
});

/** One unit of money (10^-18) in base, by what one unit of base loses. */
function slackOfLoss({ price, stop, atr, instrument }: SizingBasis, sizing: Sizing): bigint {
  if (sizing.kind === 'risk' && stop !== null) {
    const loss = (price > stop ? price - stop : stop - price) * 10n ** 12n + dearestFee(instrument) * (price + stop);
    return loss === 0n ? 0n : (3n * 10n ** 18n) / loss;
  }
  if (sizing.kind !== 'atr' || atr === null) return 0n;
  return (3n * 10n ** 18n) / (sizing.multiple * rangeOf(atr, instrument) * 10n ** 8n);
}
