import { describe, expect, it } from '@jest/globals';
import { Money, Price, Quantity } from '@scalpstorm/model';
import { fillAll, news, started, told, world } from '../scene.js';

describe('the scalping cycle', () => {
  it('orders at the start, the opposite on the fill, and then the next entry, with what was earned', () => {
    const venue = world();
    expect(told(venue.command({ kind: 'started' }))).toEqual([
      'reached started: STARTED',
      'open buy 1 at 100 (N000000000, ask 0)',
    ]);
    expect(fillAll(venue)).toEqual(['SUCCESS ORDER_FILLED', 'close sell 0.999 at 110 (X000000000, ask 0)']);
    // 0.999 × 110 − 100 − 0.001 × 109.89
    expect(fillAll(venue)).toEqual([
      'SUCCESS ORDER_FILLED',
      'cycle 0 net 9.78011',
      'SUCCESS CYCLE_COMPLETED',
      'open buy 1 at 100 (N000010000, ask 0)',
    ]);
    expect(venue.cycles.get(0)).toMatchObject({
      quantity: Quantity.of('0.999'),
      buyPrice: Price.of('100'),
      sellPrice: Price.of('110'),
      gross: Money.of('9.99', 'USDT'),
      fees: Money.of('0.20989', 'USDT'),
      buyQuantity: Quantity.of('1'),
      sellQuantity: Quantity.of('0.999'),
      feesPaid: [Money.of('0.001', 'BTC'), Money.of('0.10989', 'USDT')],
      otherFees: [],
      exit: 'target',
    });
  });

  it('keeps a fee in a third currency apart, and says so', () => {
    const venue = started();
    venue.fill(1000, 'BNB');
    news(venue);
    fillAll(venue);
    const fee = { amount: 123_456_789n, currency: 'BNB' };
    expect(venue.cycles.get(0)).toMatchObject({
      net: Money.of('9.89', 'USDT'),
      otherFees: [{ fee, value: null }],
      feesPaid: [fee, Money.of('0.11', 'USDT')],
    });
    const line = venue.effects.find((effect) => effect.kind === 'log' && effect.code === 'CYCLE_COMPLETED');
    expect(line).toMatchObject({
      text: 'Cycle 1 earned 9.89 USDT after fees, besides 0.000000000123456789 BNB of fees.',
    });
  });

  it('sells first when it is told to', () => {
    const venue = started({ firstSide: 'sell' });
    expect(venue.live[0]?.request).toMatchObject({ side: 'sell', purpose: 'open', price: Price.of('110') });
    expect(fillAll(venue)).toContain('close buy 1 at 100 (X000000000, ask 0)');
    expect(fillAll(venue)).toContain('open sell 1 at 110 (N000010000, ask 0)');
  });

  it('ends after one cycle when it does not loop, and after the last of a number', () => {
    const once = started({ loop: false });
    fillAll(once);
    expect(fillAll(once)).toContain('reached finished: CYCLE_DONE');
    expect(once.live).toEqual([]);
    const twice = started({ maxCycles: 2 });
    for (const _ of [1, 2, 3]) fillAll(twice);
    expect(fillAll(twice)).toContain('reached finished: MAX_CYCLES_REACHED');
    expect(told(twice.command({ kind: 'started' }))).toContain('open buy 1 at 100 (N000020000, ask 0)');
  });

  it('waits with the exit until the entry is complete', () => {
    const venue = started();
    venue.fill(400);
    expect(news(venue)).toEqual(['SUCCESS ORDER_FILLED']);
    venue.fill(600);
    expect(news(venue)).toEqual(['SUCCESS ORDER_FILLED', 'close sell 0.999 at 110 (X000000000, ask 0)']);
  });

  it('exits what the entry really got when the venue ends it early, and carries the dust on', () => {
    const venue = started({ quantity: '0.77777' });
    venue.fill(500);
    venue.end('expired');
    const result = news(venue);
    // 0.38888 − 0.001 of it = 0.38849112 held
    expect(result).toEqual(['SUCCESS ORDER_FILLED', 'WARNING VENUE_EXPIRED']);
    expect(told(venue.pass(1))).toEqual(['close sell 0.38849 at 110 (X000000000, ask 0)']);
    fillAll(venue);
    const completed = venue.effects.find((effect) => effect.kind === 'cycle-completed');
    expect(completed).toMatchObject({ cycle: { dust: Quantity.of('0.00000112'), exit: 'target' } });
    // 0.77777 − 0.00077777 + 0.00000112 = 0.77699335 held
    expect(fillAll(venue)).toContain('close sell 0.77699 at 110 (X000010000, ask 0)');
  });

  it('takes an offset from the price at the moment of placing and does not chase it', () => {
    const venue = world({
      buyPrice: { offset: '-3', unit: 'ticks', from: 'last' },
      sellPrice: { offset: '25', unit: 'bps', from: 'entry' },
    });
    expect(told(venue.command({ kind: 'started' }))).toContain('open buy 1 at 99.97 (N000000000, ask 0)');
    // 99.97 × 1.0025 = 100.219925, up to the tick
    expect(fillAll(venue)).toContain('close sell 0.999 at 100.22 (X000000000, ask 0)');
  });

  it('waits for the price that an offset counts from', () => {
    const parameters = { buyPrice: { offset: '-1', unit: 'ticks', from: 'mid' } };
    const venue = world(parameters, null);
    expect(told(venue.command({ kind: 'started' }))).toEqual(['reached started: STARTED']);
  });

  it('tries a denied order again as a new attempt after a pause that grows', () => {
    const venue = world();
    venue.denyNext = 'MARKET_DATA_STALE';
    venue.command({ kind: 'started' });
    expect(news(venue)).toEqual(['WARNING MARKET_DATA_STALE']);
    expect(told(venue.pass(0.2))).toEqual([]);
    venue.denyNext = 'MARKET_DATA_STALE';
    expect(told(venue.pass(0.05))).toEqual(['open buy 1 at 100 (N000000001, ask 0)']);
    expect(news(venue)).toEqual(['WARNING MARKET_DATA_STALE', 'reached waits: WAITS_ORDER_REFUSED']);
    expect(told(venue.pass(0.4))).toEqual([]);
    expect(told(venue.pass(0.1))).toEqual(['open buy 1 at 100 (N000000002, ask 0)']);
  });

  it('gives up on a denial that no waiting heals', () => {
    const venue = world();
    venue.denyNext = 'ORDER_NOTIONAL_ABOVE_MAXIMUM';
    venue.command({ kind: 'started' });
    expect(news(venue)).toEqual(['ERROR ORDER_NOTIONAL_ABOVE_MAXIMUM', 'reached failed: ORDER_NOTIONAL_ABOVE_MAXIMUM']);
    expect(told(venue.pass(100))).toEqual([]);
  });

  it('gives up after the venue has refused many times in a row', () => {
    const venue = started();
    for (let round = 0; round < 6; round += 1) {
      venue.end('rejected');
      venue.deliverAll();
      venue.pass(31);
    }
    expect(told(venue.effects)).toContain('reached failed: VENUE_REJECTED');
    expect(venue.live).toEqual([]);
  });

  it('stops with a warning when its order is canceled at the venue by hand', () => {
    const venue = started();
    venue.end('canceled');
    expect(news(venue)).toEqual(['WARNING ORDER_CANCELED_AT_VENUE', 'reached auto-stopped: ORDER_CANCELED_AT_VENUE']);
    expect(told(venue.pass(100))).toEqual([]);
  });

  it('asks again for an order that the venue lost, and does not take it for a cancel by hand', () => {
    const venue = started();
    venue.end('canceled', 'VENUE_NOT_FOUND');
    expect(news(venue)).toEqual(['WARNING VENUE_NOT_FOUND']);
    expect(told(venue.pass(1))).toEqual(['open buy 1 at 100 (N000000001, ask 0)']);
    fillAll(venue);
    venue.fill(500);
    venue.end('canceled', 'VENUE_NOT_FOUND');
    expect(news(venue)).toEqual(['SUCCESS ORDER_FILLED', 'WARNING VENUE_NOT_FOUND']);
    expect(told(venue.pass(1))).toEqual(['close sell 0.4995 at 110 (X000000001, ask 0)']);
  });

  it.each(['stop', 'delete', 'update', 'halt'] as const)(
    'never takes our own cancel (%s) for one by hand',
    (reason) => {
      const venue = started();
      expect(told(venue.command({ kind: 'stop-asked', reason }))).toEqual([`cancel N000000000: ${reason}`]);
      expect(news(venue)).toEqual(['reached stopped: STOPPED']);
    },
  );

  it('stops, keeps the position, and goes on with the exit of what it holds', () => {
    const venue = started();
    fillAll(venue);
    venue.fill(500);
    venue.command({ kind: 'stop-asked', reason: 'stop' });
    expect(news(venue)).toEqual(['SUCCESS ORDER_FILLED', 'reached stopped: STOPPED']);
    // of 0.999 were sold 0.4995
    expect(told(venue.command({ kind: 'started' }))).toEqual([
      'reached started: STARTED',
      'close sell 0.4995 at 110 (X000000001, ask 0)',
    ]);
    expect(fillAll(venue)).toContain('cycle 0 net 9.78011');
  });

  it('pauses: the entry goes, an exit stays, and a paused bot enters no more', () => {
    const entering = started();
    expect(told(entering.command({ kind: 'paused' }))).toEqual(['cancel N000000000: stop']);
    expect(news(entering)).toEqual(['reached paused: PAUSED']);
    expect(told(entering.command({ kind: 'resumed' }))).toEqual([
      'reached started: STARTED',
      'open buy 1 at 100 (N000000001, ask 0)',
    ]);
    const exiting = started();
    fillAll(exiting);
    expect(told(exiting.command({ kind: 'paused' }))).toEqual(['reached paused: PAUSED']);
    expect(fillAll(exiting)).toEqual(['SUCCESS ORDER_FILLED', 'cycle 0 net 9.78011', 'SUCCESS CYCLE_COMPLETED']);
    expect(exiting.live).toEqual([]);
  });

  it('flattens: cancels, then closes at the market', () => {
    const venue = started();
    fillAll(venue);
    expect(told(venue.command({ kind: 'flatten-asked' }))).toEqual(['cancel X000000000: flatten']);
    expect(news(venue)).toEqual(['close sell 0.999 at market (F000000000, ask 0)']);
    expect(fillAll(venue)).toEqual([
      'SUCCESS ORDER_FILLED',
      // 0.999 × 100 − 100 − 0.0999
      'cycle 0 net -0.1999',
      'INFO CYCLE_COMPLETED',
      'reached stopped: FLATTENED',
    ]);
  });

  it('asks again under the same id when nothing is heard, and after a restart', () => {
    const venue = world();
    venue.command({ kind: 'started' });
    venue.save();
    expect(told(venue.pass(4.9))).toEqual([]);
    expect(told(venue.pass(0.1))).toEqual(['open buy 1 at 100 (N000000000, ask 1)']);
    expect(told(venue.pass(9.9))).toEqual([]);
    expect(told(venue.pass(0.1))).toEqual(['open buy 1 at 100 (N000000000, ask 2)']);
    expect(told(venue.restart())).toContain('open buy 1 at 100 (N000000000, ask 1)');
    expect(venue.orders.size).toBe(1);
  });

  it('gives the same state back when nothing changed', () => {
    const venue = started();
    const before = venue.state;
    venue.repeat(0);
    venue.repeat(1);
    venue.pass(1);
    expect(venue.state).toBe(before);
  });

  it('goes back in after somebody canceled through the platform, without hurry', () => {
    const venue = started();
    venue.endByPlatform('halt');
    expect(news(venue)).toEqual([]);
    expect(told(venue.pass(4.9))).toEqual([]);
    expect(told(venue.pass(0.1))).toEqual(['open buy 1 at 100 (N000000001, ask 0)']);
  });
});
