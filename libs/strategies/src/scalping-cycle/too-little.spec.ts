import { describe, expect, it } from '@jest/globals';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import { type Instrument, Money, Quantity } from '@scalpstorm/model';
import { configured, fillAll, holding, news, started, told, world } from '../scene.js';

/** The venue of these scenes takes nothing below 5 USDT. */
const least = (instrument: Instrument) => Money.format(instrument.notionalMin);

describe('what is held is worth what the market pays, not what it has cost', () => {
  it('is sold where the exit is worth enough, though it has cost less', () => {
    expect(least(exampleInstrument())).toBe('5');
    // Bought for 4.995 after the fee, sold for 5.49.
    const venue = started({ quantity: '0.05' });
    expect(fillAll(venue)).toEqual(['SUCCESS ORDER_FILLED', 'close sell 0.04995 at 110 (X000000000, ask 0)']);
    expect(fillAll(venue)).toContain('SUCCESS CYCLE_COMPLETED');
  });

  it('is sold by a flatten where the market pays enough', () => {
    const venue = holding({ quantity: '0.05' });
    venue.market('300', '300.1');
    venue.command({ kind: 'flatten-asked' });
    expect(news(venue)).toEqual(['close sell 0.04995 at market (F000000000, ask 0)']);
  });

  it('stays at a flatten where the market pays too little, and the bot says so', () => {
    const venue = holding({ quantity: '0.05' });
    venue.market('50', '50.01');
    venue.command({ kind: 'flatten-asked' });
    expect(news(venue)).toContain('reached stopped: FLATTENED');
    expect(venue.machine.endText).toBe('The bot is stopped and holds 0.04995 BTC, too little for any order there.');
  });
});

describe('a target that wanders with the market', () => {
  const wanders = { offset: '50', unit: 'bps', from: 'mid' };

  it.each([
    ['trails', { trailingPercent: '1' }],
    ['trails, in one cycle', { trailingPercent: '1', loop: false }],
    ['leaves when the market is there', { timeInForce: 'IOC', stopLossPercent: '90' }],
  ])('lets nobody buy again who holds what it has bought: an exit that %s', (_name, parameters) => {
    const venue = world({ quantity: '0.06', sellPrice: wanders, ...parameters });
    venue.market('99.99', '100');
    venue.command({ kind: 'started' });
    venue.accept();
    venue.deliverAll();
    fillAll(venue);
    for (const price of ['95', '80', '60', '40', '82']) {
      const said = told(venue.market(price, `${price}.01`));
      expect(said.filter((line) => line.startsWith('open'))).toEqual([]);
      venue.pass(6);
      expect(venue.live.filter(({ request }) => request.purpose === 'open')).toEqual([]);
    }
    expect(venue.machine.books.poolBase).toBe('0.05994');
  });

  it('waits, and says so, where its exit would be worth too little, and rests as soon as it is worth enough', () => {
    const venue = holding({ quantity: '0.06', sellPrice: wanders });
    expect(told(venue.market('80', '80.01'))).toContain('WARNING WAITS_CLOSE_TOO_SMALL');
    expect(venue.live).toEqual([]);
    expect(told(venue.market('90', '90.01'))).toContain('close sell 0.05994 at 90.46 (X000000000, ask 0)');
  });

  it('holds the entry that it bought too well to sell it, says so, and buys no second', () => {
    const venue = world({ quantity: '0.06', sellPrice: wanders, loop: false });
    venue.market('79.99', '80');
    venue.command({ kind: 'started' });
    venue.accept();
    venue.deliverAll();
    venue.fill(1000, 'usual', '80');
    expect(news(venue)).toEqual([
      'SUCCESS ORDER_FILLED',
      'WARNING WAITS_CLOSE_TOO_SMALL',
      'reached waits: WAITS_CLOSE_TOO_SMALL',
    ]);
    for (const price of ['79', '81', '80']) expect(told(venue.market(price))).toEqual([]);
    expect(told(venue.market('90', '90.01'))).toContain('close sell 0.05994 at 90.46 (X000000000, ask 0)');
  });
});

describe('a stop that is reached where nothing can be closed', () => {
  it.each([
    ['trails', { trailingPercent: '1', sellPrice: { fixed: '101' } }, ['101', '60']],
    [
      'is a stop-loss, and the exit stands too',
      { stopLossPercent: '1', sellPrice: { offset: '50', unit: 'bps', from: 'mid' } },
      ['76'],
    ],
    [
      'is a stop-loss, and the exit has no price',
      { stopLossPercent: '1', sellPrice: { offset: '50', unit: 'bps', from: 'vwap' } },
      ['76'],
    ],
  ])('is told once, however many prices come: it %s', (_name, parameters, prices) => {
    const venue = holding({ quantity: '0.06', ...parameters });
    for (const price of prices) venue.market(price, `${price}.01`);
    const last = Number(prices.at(-1));
    const said = [0, 0.1, 0, 0.2, 0.1].flatMap((more) => [
      ...told(venue.market(String(last + more))),
      ...told(venue.pass(1)),
    ]);
    expect(said).toEqual([]);
    expect(venue.machine.waits).toMatchObject({ code: 'WAITS_CLOSE_TOO_SMALL', told: true });
  });

  it('is told once, however often the price turns round its level, and over when an order is possible again', () => {
    const venue = holding({ quantity: '0.05', stopLossPercent: '40' });
    expect(told(venue.market('60', '60.01'))).toContain('WARNING WAITS_CLOSE_TOO_SMALL');
    const turns = ['61', '60', '62', '59.9', '61', '60'];
    expect(turns.flatMap((price) => told(venue.market(price)))).toEqual([]);
    expect(told(venue.market('101', '101.01'))).toEqual(['reached goes-on: PRICE_KNOWN']);
    expect(told(venue.market('60', '60.01'))).toContain('WARNING WAITS_CLOSE_TOO_SMALL');
  });

  it('silences nothing where it is not reached, and is told no more while something else is', () => {
    const venue = holding({ quantity: '0.05', stopLossPercent: '40' });
    venue.market('60', '60.01');
    venue.market('70', '70.01');
    venue.holdEnd();
    venue.deliverAll();
    expect(told(venue.pass(6))).toEqual(['WARNING WAITS_FOR_FILLS', 'reached waits: WAITS_FOR_FILLS']);
    const turns = ['60', '70', '59', '71'];
    expect(turns.flatMap((price) => [...told(venue.market(price)), ...told(venue.pass(1))])).toEqual([]);
  });

  it('silences nothing of a bot that is paused, either', () => {
    const venue = holding({ quantity: '0.05', stopLossPercent: '40' });
    venue.command({ kind: 'paused' });
    expect(told(venue.market('60', '60.01'))).toContain('WARNING WAITS_CLOSE_TOO_SMALL');
    venue.market('70', '70.01');
    venue.holdEnd();
    venue.deliverAll();
    expect(told(venue.pass(6))).toEqual(['WARNING WAITS_FOR_FILLS', 'reached waits: WAITS_FOR_FILLS']);
  });

  it('is told once, too, where the exit would be too small beside it', () => {
    const wanders = { offset: '50', unit: 'bps', from: 'mid' };
    const venue = holding({ quantity: '0.06', stopLossPercent: '35', sellPrice: wanders });
    expect(told(venue.market('60', '60.01'))).toContain('WARNING WAITS_CLOSE_TOO_SMALL');
    const turns = ['70', '60', '71', '59', '70'];
    expect(turns.flatMap((price) => [...told(venue.market(price)), ...told(venue.pass(1))])).toEqual([]);
    expect(venue.machine.waits).toMatchObject({ about: 'market', dormant: true });
  });

  it.each(['60', '70'])('is told once, too, when the feed breathes at %s', (price) => {
    const venue = holding({ quantity: '0.05', stopLossPercent: '40' });
    venue.market('60', '60.01');
    const breath = () => {
      venue.silence();
      return [...told(venue.pass(1)), ...told(venue.market(price)), ...told(venue.market('60'))];
    };
    venue.market(price);
    expect([...breath(), ...breath(), ...breath()]).toEqual([]);
    expect(venue.machine.waits).toMatchObject({ code: 'WAITS_CLOSE_TOO_SMALL', told: true });
  });

  it.each([
    ['reached no more', '101', ['reached goes-on: PRICE_KNOWN']],
    [
      'reached where it can close',
      '99',
      ['WARNING STOP_LOSS', 'reached goes-on: PRICE_KNOWN', 'cancel X000000000: replace'],
    ],
  ])('is over, and says so, when the feed is back where it is %s', (_name, price, said) => {
    const venue = holding({ quantity: '0.06', stopLossPercent: '1' });
    expect(told(venue.market('60', '60.01'))).toContain('WARNING WAITS_CLOSE_TOO_SMALL');
    venue.silence();
    venue.pass(1);
    expect(told(venue.market(price))).toEqual(said);
  });

  it('is over, and says so, when its bot is edited while the feed is away', () => {
    const venue = holding({ quantity: '0.06', stopLossPercent: '1' });
    venue.market('60', '60.01');
    venue.silence();
    venue.pass(1);
    expect(told(venue.edit(configured({ quantity: '0.06', stopLossPercent: '2' })))).toContain(
      'reached goes-on: EDITED',
    );
  });

  it('is over, and says so, when its exit fills while the feed is away', () => {
    const venue = holding({ quantity: '0.06', stopLossPercent: '1' });
    venue.market('60', '60.01');
    venue.silence();
    venue.pass(1);
    expect(fillAll(venue)).toContain('reached goes-on: PRICE_KNOWN');
  });

  it('is over, and says so, when an order is possible while something else is not told yet', () => {
    const venue = holding({ quantity: '0.05', stopLossPercent: '40' });
    venue.market('60', '60.01');
    venue.market('70', '70.01');
    venue.holdEnd();
    venue.deliverAll();
    expect(told(venue.market('101'))).toEqual(['reached goes-on: PRICE_KNOWN']);
  });

  it('is not back after a flatten that came while something else was not told yet', () => {
    const venue = holding({ quantity: '0.05', stopLossPercent: '40' });
    venue.market('60', '60.01');
    venue.market('70', '70.01');
    venue.holdEnd();
    venue.deliverAll();
    venue.command({ kind: 'flatten-asked' });
    venue.market('200', '200.01');
    venue.fill(400);
    venue.end('canceled');
    expect(news(venue)).toContain('close sell 0.02997 at market (F000000000, ask 0)');
    venue.holdEnd();
    venue.deliverAll();
    expect(told(venue.pass(6))).toEqual(['WARNING WAITS_FOR_FILLS', 'reached waits: WAITS_FOR_FILLS']);
  });

  it('does not silence what a flatten waits for after it', () => {
    const venue = holding({ quantity: '0.05', stopLossPercent: '1' });
    venue.market('50', '50.01');
    venue.holdEnd();
    venue.deliverAll();
    expect(told(venue.pass(6))).toEqual([]);
    venue.command({ kind: 'flatten-asked' });
    expect(told(venue.pass(6))).toEqual(['WARNING WAITS_FOR_FILLS', 'reached waits: WAITS_FOR_FILLS']);
  });
});

describe('a stop-loss', () => {
  it('leaves what is worth too little there, tells so once, and closes as soon as it is worth enough', () => {
    const venue = holding({ quantity: '0.05', stopLossPercent: '1' });
    expect(told(venue.market('50', '50.01'))).toEqual([
      'WARNING WAITS_CLOSE_TOO_SMALL',
      'reached waits: WAITS_CLOSE_TOO_SMALL',
    ]);
    expect(told(venue.market('49', '49.01'))).toEqual([]);
    expect(venue.live.map(({ request }) => [request.side, Quantity.format(request.quantity)])).toEqual([
      ['sell', '0.04995'],
    ]);
    expect(told(venue.market('98.9', '98.91'))).toEqual([
      'WARNING STOP_LOSS',
      'reached goes-on: PRICE_KNOWN',
      'cancel X000000000: replace',
    ]);
    expect(news(venue)).toEqual(['close sell 0.04995 at market (X000000001, ask 0)']);
  });

  const refusedAtTheStop = (parameters: Parameters<typeof holding>[0]) => {
    const venue = holding({ quantity: '0.051', stopLossPercent: '5', ...parameters });
    venue.market('95');
    news(venue);
    venue.end('rejected', 'NOTIONAL_BELOW_MINIMUM');
    return { venue, said: news(venue) };
  };

  it.each([
    ['ends a bot that it is to end', { afterStopLoss: 'stop' }, 'reached finished: STOPPED_BY_STOP_LOSS'],
    ['ends a bot of one cycle', { loop: false }, 'reached finished: CYCLE_DONE'],
    ['ends the last of so many cycles', { maxCycles: 1 }, 'reached finished: MAX_CYCLES_REACHED'],
  ])('whose close the venue calls too little %s', (_name, parameters, end) => {
    const { venue, said } = refusedAtTheStop(parameters);
    expect(said).toEqual(['WARNING DUST_KEPT', end]);
    expect([venue.live, venue.machine.closing]).toEqual([[], null]);
  });

  it('whose close the venue calls too little rests before the next entry', () => {
    const { venue, said } = refusedAtTheStop({ coolDownSeconds: 60 });
    expect(said).toEqual(['WARNING DUST_KEPT']);
    expect(told(venue.pass(59))).toEqual([]);
    expect(told(venue.pass(1))).toEqual(['open buy 0.051 at 100 (N000000001, ask 0)']);
  });

  it('that falls too low before its close is placed ends the bot, too', () => {
    const venue = holding({ quantity: '0.051', stopLossPercent: '5', afterStopLoss: 'stop' });
    expect(told(venue.market('94.9'))).toContain('WARNING STOP_LOSS');
    venue.market('60', '60.01');
    expect(news(venue)).toEqual(['WARNING DUST_KEPT', 'reached finished: STOPPED_BY_STOP_LOSS']);
  });
});
