import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@scalpstorm/model';
import { configured, fillAll, holding, news, told, world } from '../scene.js';
import type { Effect } from '../sdk/strategy.js';
import type { VenueModel } from '../testing.js';

const offset = (value: string, unit = 'ticks', from = 'entry'): JsonObject => ({ offset: value, unit, from });
const lines = (effects: readonly Effect[]) => effects.filter((effect) => effect.kind === 'log');

/** Quotes and time go by, in which nothing may be said again. */
function goesBy(venue: VenueModel): string[] {
  const before = venue.effects.length;
  for (let second = 0; second < 20; second += 1) {
    venue.market(String(100 + (second % 3)));
    venue.pass(1);
  }
  return told(venue.effects.slice(before));
}

/** A venue where the entry of either side was filled and its exit lies where no order can. */
function stuck(parameters: JsonObject): { venue: VenueModel; said: readonly string[] } {
  const venue = world(parameters);
  venue.command({ kind: 'started' });
  venue.accept();
  venue.deliverAll();
  return { venue, said: fillAll(venue) };
}

describe('an entry without a price that the venue takes', () => {
  it.each([
    ['buy', { buyPrice: offset('-10300', 'ticks', 'last') }, '-3', { buyPrice: { fixed: '99' } }, 'open buy 1 at 99'],
    [
      'sell',
      { firstSide: 'sell', sellPrice: offset('99999999', 'ticks', 'last') },
      '1000099.99',
      { firstSide: 'sell' },
      'open sell 1 at 110',
    ],
  ] as const)('is told once, with numbers, and ordered after an edit: %s first', (side, far, price, edit, order) => {
    const venue = world(far);
    const effects = venue.command({ kind: 'started' });
    expect(told(effects)).toEqual([
      'reached started: STARTED',
      'WARNING WAITS_ENTRY_OUT_OF_RANGE',
      'reached waits: WAITS_ENTRY_OUT_OF_RANGE',
    ]);
    const field = side === 'buy' ? 'buyPrice' : 'sellPrice';
    expect(lines(effects)).toMatchObject([
      {
        text: `The entry would be priced at ${price}; sim takes BTC-USDT from 0.01 to 1000000. Nothing is ordered. Edit ${field}.`,
        data: { leg: 'entry', side, price, min: '0.01', max: '1000000', field: `/${field}` },
      },
    ]);
    expect(goesBy(venue)).toEqual([]);
    const edited = told(venue.edit(configured(edit)));
    expect(edited[0]).toBe('reached goes-on: EDITED');
    expect(edited[1]).toContain(order);
  });

  it('is ordered when the market brings it back into range', () => {
    const venue = world({ buyPrice: offset('-10000', 'ticks', 'last') });
    venue.command({ kind: 'started' });
    expect(told(venue.market('150'))).toEqual(['reached goes-on: PRICE_KNOWN', 'open buy 1 at 50 (N000000000, ask 0)']);
  });
});

describe('an exit without a price that the venue takes', () => {
  const stuckExits = [
    ['buy', { sellPrice: offset('99999999') }, '1000099.99', '0.999', {}, 'close sell 0.999 at 110'],
    [
      'sell',
      { firstSide: 'sell', buyPrice: offset('-12000') },
      '-10',
      '-1',
      { firstSide: 'sell' },
      'close buy 1 at 100',
    ],
  ] as const;

  it.each(stuckExits)(
    'is an error that is told once, keeps what is held, and ends with an edit: %s first',
    (first, far, price, held, edit, order) => {
      const { venue, said } = stuck(far);
      expect(said).toEqual([
        'SUCCESS ORDER_FILLED',
        'ERROR WAITS_EXIT_OUT_OF_RANGE',
        'reached waits: WAITS_EXIT_OUT_OF_RANGE',
      ]);
      const field = first === 'buy' ? 'sellPrice' : 'buyPrice';
      expect(lines(venue.effects).at(-1)).toMatchObject({
        text:
          `The exit would be priced at ${price}; sim takes BTC-USDT from 0.01 to 1000000. No exit rests; ` +
          `the bot keeps ${held} BTC. Edit ${field}, or flatten the bot.`,
        data: { leg: 'exit', price, field: `/${field}` },
      });
      expect(goesBy(venue)).toEqual([]);
      expect(venue.live).toEqual([]);
      const edited = told(venue.edit(configured(edit)));
      expect(edited[0]).toBe('reached goes-on: EDITED');
      expect(edited[1]).toContain(order);
    },
  );

  it('leaves stop-loss and flatten as they are', () => {
    const stopped = stuck({ sellPrice: offset('99999999'), stopLossPercent: '5' }).venue;
    expect(told(stopped.market('95'))).toContain('close sell 0.999 at market (X000000000, ask 0)');
    const flattened = stuck({ sellPrice: offset('99999999') }).venue;
    expect(told(flattened.command({ kind: 'flatten-asked' }))).toContain(
      'close sell 0.999 at market (F000000000, ask 0)',
    );
  });

  it('is none where a take-profit lies nearer', () => {
    const { said } = stuck({ sellPrice: offset('99999999'), takeProfitPercent: '3' });
    expect(said).toEqual(['SUCCESS ORDER_FILLED', 'close sell 0.999 at 103 (X000000000, ask 0)']);
  });

  it('is told, too, where an exit should begin to trail, and not at every price', () => {
    const { venue } = stuck({ sellPrice: offset('99999999'), trailingPercent: '1' });
    expect(told(venue.market('100'))).toEqual([
      'ERROR WAITS_EXIT_OUT_OF_RANGE',
      'reached waits: WAITS_EXIT_OUT_OF_RANGE',
    ]);
    expect(goesBy(venue)).toEqual([]);
    const impatient = { trailingPercent: '1', takeProfitPercent: '50', timeInForce: 'IOC' };
    const ioc = world({ sellPrice: offset('99999999'), ...impatient });
    ioc.command({ kind: 'started' });
    ioc.market('99', '100');
    fillAll(ioc);
    ioc.market('100');
    expect(goesBy(ioc)).toEqual([]);
  });

  it('is told again after a restart of the bot, a pause and a halt, and not after one of the process', () => {
    const { venue } = stuck({ sellPrice: offset('99999999') });
    const again = 'reached waits: WAITS_EXIT_OUT_OF_RANGE';
    venue.save();
    expect(told(venue.restart())).not.toContain(again);
    expect(told(venue.hear({ kind: 'released' }))).toContain(again);
    expect(told(venue.command({ kind: 'paused' }))).toContain('ERROR WAITS_EXIT_OUT_OF_RANGE');
    expect(told(venue.command({ kind: 'resumed' }))).toContain(again);
    venue.command({ kind: 'stop-asked', reason: 'stop' });
    expect(told(venue.command({ kind: 'started' }))).toContain(again);
  });
});

describe('a market of which nothing is heard', () => {
  it.each([
    ['mid', 'quote'],
    ['last', 'trade'],
  ])('is waited for, and told after a moment: %s needs a %s', (from, needed) => {
    const venue = world({ buyPrice: offset('-1', 'ticks', from) }, null);
    expect(told(venue.command({ kind: 'started' }))).toEqual(['reached started: STARTED']);
    expect(told(venue.pass(4))).toEqual([]);
    const effects = venue.pass(1);
    expect(told(effects)).toEqual(['INFO WAITS_FOR_PRICE', 'reached waits: WAITS_FOR_PRICE']);
    expect(lines(effects)).toMatchObject([
      { text: expect.stringContaining(`Waits for a ${needed} of BTC-USDT`), data: { waitsFor: [needed] } },
    ]);
    expect(told(venue.pass(60))).toEqual([]);
    expect(told(venue.market('100'))).toEqual([
      'reached goes-on: PRICE_KNOWN',
      'open buy 1 at 99.99 (N000000000, ask 0)',
    ]);
  });

  it('is no news when it is back within the moment', () => {
    const venue = world({ buyPrice: offset('-1', 'ticks', 'mid') }, null);
    venue.command({ kind: 'started' });
    venue.pass(4);
    expect(told(venue.market('100'))).toEqual(['open buy 1 at 99.99 (N000000000, ask 0)']);
  });

  it('holds up an exit that counts from it, and an order that does not rest', () => {
    const venue = world({ sellPrice: offset('5', 'ticks', 'mid') });
    venue.command({ kind: 'started' });
    fillAll(venue);
    expect(told(venue.pass(5))).toEqual(['INFO WAITS_FOR_PRICE', 'reached waits: WAITS_FOR_PRICE']);
    const ioc = world({ timeInForce: 'IOC' });
    ioc.command({ kind: 'started' });
    expect(told(ioc.pass(5))).toEqual(['INFO WAITS_FOR_PRICE', 'reached waits: WAITS_FOR_PRICE']);
  });

  it.each<JsonObject>([{ stopLossPercent: '5' }, { trailingPercent: '1' }])(
    'keeps %j from being decided, which is told',
    (stop) => {
      const venue = holding(stop);
      venue.silence();
      venue.pass(1);
      expect(told(venue.pass(5))).toEqual(['INFO WAITS_FOR_PRICE', 'reached waits: WAITS_FOR_PRICE']);
      expect(told(venue.pass(60))).toEqual([]);
      expect(told(venue.market('100'))).toEqual(['reached goes-on: PRICE_KNOWN']);
      expect(news(venue)).toEqual([]);
    },
  );

  it('by which a bot gives the same state back while it goes on missing it', () => {
    const venue = world({ buyPrice: offset('-1', 'ticks', 'mid') }, null);
    venue.command({ kind: 'started' });
    const before = venue.state;
    venue.pass(1);
    expect(venue.state).toBe(before);
  });
});
