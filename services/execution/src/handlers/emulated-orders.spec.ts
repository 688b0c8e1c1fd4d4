import { describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { type OrderRequest, Price, Quantity, RiskScope, TradeId } from '@scalpstorm/model';
import { anOrderRequest } from '@scalpstorm/testkit';
import { type ExecutionParts, settled } from '../../test/execution-parts.js';
import { close, open, stop, triggerStage } from '../../test/trigger-stage.js';

const eventsOf = (parts: ExecutionParts) =>
  parts.ledger.storage.commits.map((batch) => batch.events.map(({ event }) => event.kind));

describe('an order whose trigger no venue watches', () => {
  it('waits in the books alone, and goes to the venue as a plain order when its price is reached', async () => {
    const { parts, ear, quote, emulate } = await triggerStage();
    await emulate(close);
    expect([...ear.heard.keys()]).toEqual([close.instrumentId]);
    expect(parts.stored(close)).toMatchObject({ status: 'emulated', version: 1 });
    await quote('100', '100.02');
    expect(parts.venue.placed).toEqual([]);
    await quote('99.98', '100.02');
    const { trigger: _watchedHere, ...plain } = close;
    expect(parts.venue.placed.map(({ request }) => request)).toEqual([plain]);
    // The release and the SENDING mark are one commit.
    expect(eventsOf(parts)).toEqual([['emulated'], ['released', 'sending'], ['accepted']]);
    expect(parts.stored(close)).toMatchObject({ status: 'accepted', request: { trigger: stop } });
    await quote('90', '91');
    expect(parts.venue.placed).toHaveLength(1);
  });

  it('is not moved by what is old, crossed, or of a feed that is not live', async () => {
    const { parts, quote, emulate, status } = await triggerStage();
    await emulate(close);
    await quote('90', '91', Timestamp.plus(parts.clock.now(), -6 * second));
    await quote('91', '90');
    status('stale');
    await quote('90', '91');
    expect(parts.venue.placed).toEqual([]);
    status('live');
    // What was told before the feed was lost is forgotten.
    await settled();
    expect(parts.venue.placed).toEqual([]);
    await quote('90', '91');
    expect(parts.venue.placed).toHaveLength(1);
  });

  it('is canceled here, and the venue never hears of it', async () => {
    const { parts, quote, emulate, watch } = await triggerStage();
    await emulate(close);
    await parts.cancelRequested.handle(parts.cancellation(close));
    await settled(() => parts.stored(close).status === 'canceled');
    expect(parts.stored(close)).toMatchObject({
      status: 'canceled',
      cancelReason: 'stop',
      reason: { code: 'CANCELED_BEFORE_TRIGGER' },
    });
    await quote('90', '91');
    await watch.look();
    expect([parts.venue.placed, parts.venue.canceled]).toEqual([[], []]);
  });

  it('is ended by a halt in between where it opens, and goes where it closes', async () => {
    for (const [order, placed, status] of [
      [open, 0, 'denied'],
      [close, 1, 'accepted'],
    ] as const) {
      const { parts, quote, emulate } = await triggerStage();
      await emulate(order);
      await parts.halts.hear({ scope: RiskScope.platform, state: 'halted', text: '', since: parts.clock.now() });
      await (order.side === 'sell' ? quote('90', '91') : quote('110', '111'));
      expect(parts.venue.placed).toHaveLength(placed);
      expect(parts.stored(order).status).toBe(status);
    }
  });

  it('waits on while its account may not trade, and what the market is then decides', async () => {
    const { parts, quote, emulate } = await triggerStage();
    await emulate(close);
    parts.states.close(close.accountId);
    await quote('90', '91');
    expect(parts.stored(close).status).toBe('emulated');
    parts.states.reopen(close.accountId);
    await quote('110', '111');
    expect(parts.stored(close).status).toBe('emulated');
    await quote('99', '100');
    expect(parts.venue.placed).toHaveLength(1);
  });

  it('survives the process, with how far it had followed the price', async () => {
    const trailing = {
      ...close,
      trigger: { kind: 'trailing', distanceBps: 100, activation: null, source: 'mid' },
    } as const;
    const first = await triggerStage();
    await first.emulate(trailing);
    await first.quote('99', '101');
    await first.quote('199', '201');
    await first.watch.look();
    const { storage } = first.parts.ledger;
    const next = await triggerStage({ storage }, first.followed.prices);
    await next.watch.look();
    next.status('live');
    await next.quote('198.5', '199.5');
    expect(next.parts.venue.placed).toEqual([]);
    await next.quote('197', '198');
    expect(next.parts.venue.placed).toHaveLength(1);
    await next.watch.look();
    expect(next.followed.prices.size).toBe(0);
  });

  it('has not forgotten how far it had followed when its process waits for the books of another one, or could not store it', async () => {
    const trailing = {
      ...close,
      trigger: { kind: 'trailing', distanceBps: 100, activation: null, source: 'mid' },
    } as const;
    const first = await triggerStage();
    await first.emulate(trailing);
    await first.quote('199', '201');
    const { followed } = first;
    const keep = followed.keep.bind(followed);
    followed.keep = () => Promise.reject(new Error('Postgres is away'));
    await expect(first.watch.look()).rejects.toThrow('Postgres is away');
    followed.keep = keep;
    await first.watch.look();
    expect([...followed.prices.values()]).toEqual([Price.of('200')]);
    const { storage } = first.parts.ledger;
    const next = await triggerStage({ storage }, followed.prices);
    const { ledger } = next.parts;
    const isOpen = ledger.isOpen.bind(ledger);
    ledger.isOpen = () => false;
    await next.watch.look();
    expect(followed.prices.size).toBe(1);
    ledger.isOpen = isOpen;
    await next.watch.look();
    next.status('live');
    await next.quote('197', '198');
    expect(next.parts.venue.placed).toHaveLength(1);
  });

  it('is watched here by the last trade too, where the venue can not', async () => {
    const { parts, ear, emulate } = await triggerStage();
    const { instrumentId } = close;
    await emulate({ ...close, trigger: { ...stop, source: 'last' } });
    const trade = { instrumentId, tradeId: TradeId.of('1'), quantity: Quantity.of('1'), aggressor: 'sell' } as const;
    const occurredAt = parts.clock.now();
    ear.heard.get(instrumentId)?.onTrade({ ...trade, price: Price.of('99'), occurredAt }, occurredAt);
    await settled(() => parts.venue.placed.length > 0);
    expect(parts.venue.placed[0]?.request.trigger).toBeUndefined();
  });

  it('whose trigger the venue held is not sent without it when the venue holds it no more', async () => {
    const { parts } = await triggerStage();
    const order = { ...close, trigger: { ...stop, source: 'last' } } as const;
    parts.venue.lackOf = () => null;
    parts.venue.onPlace = () => ({ kind: 'unknown', code: 'TIMEOUT', text: 'no answer' });
    await parts.approve(order);
    await settled(() => parts.stored(order).status === 'unknown');
    parts.venue.lackOf = ({ trigger }) => (trigger === undefined ? null : 'trigger');
    const tracked = await parts.ledger.find(order.clientOrderId);
    if (tracked === null) throw new Error('it is stored');
    const sending = { kind: 'sending', attempt: 2, expiresAt: Timestamp.plus(parts.clock.now(), second) } as const;
    const { clientOrderId } = order;
    const again = { clientOrderId, events: [sending], occurredAt: parts.clock.now(), causedBy: null };
    const recorded = await parts.ledger.record(again);
    if (recorded === null) throw new Error('it is recorded');
    await parts.placeOrder.place(recorded.tracked, null);
    expect(parts.venue.placed).toHaveLength(1);
    expect(parts.stored(order)).toMatchObject({ status: 'rejected', reason: { code: 'NOT_HELD_BY_VENUE' } });
  });

  it('released by a process that died then is looked up, and never released again', async () => {
    const { parts, quote, emulate } = await triggerStage();
    parts.venue.onPlace = () => new Promise(() => undefined);
    await emulate(close);
    await quote('90', '91');
    expect(parts.stored(close).status).toBe('sending');
    const next = await triggerStage({ storage: parts.ledger.storage });
    await next.watch.look();
    expect(next.ear.heard.size).toBe(0);
    expect(next.parts.stored(close).status).toBe('sending');
  });
});

describe('the expiry of an order', () => {
  const gtd = (parts: ExecutionParts, changes: Partial<OrderRequest> = {}) =>
    anOrderRequest({ timeInForce: 'GTD', expiresAt: Timestamp.plus(parts.clock.now(), second), ...changes });

  it('is kept here: the venue has it as GTC, and when its time is over the reason is durable before the cancel leaves', async () => {
    const { parts, expiries } = await triggerStage();
    const order = gtd(parts);
    await parts.rest(order);
    expect(parts.venue.placed[0]?.request).toMatchObject({ timeInForce: 'GTC' });
    expect(parts.venue.placed[0]?.request.expiresAt).toBeUndefined();
    expiries.look();
    await settled();
    expect(parts.stored(order).status).toBe('accepted');
    const reasons: unknown[] = [];
    parts.venue.onCancel = () => {
      reasons.push(parts.stored(order).cancelReason);
      return { kind: 'canceled', order: parts.venue.view(order, { status: 'canceled' }) };
    };
    parts.clock.advance(second);
    expiries.look();
    expiries.look();
    await settled(() => parts.stored(order).status === 'expired');
    expect(reasons).toEqual(['expiry']);
    expect(parts.stored(order)).toMatchObject({ status: 'expired', reason: { code: 'GTD_EXPIRED' } });
  });

  it('asks ever more rarely where the venue refuses the cancel for good, and says so once', async () => {
    const { parts, expiries } = await triggerStage();
    const order = gtd(parts);
    await parts.rest(order);
    parts.venue.onCancel = () => ({ kind: 'rejected', code: 'ORDER_REJECTED', text: 'no', retryable: false });
    for (let quarter = 0; quarter < 4 * 180; quarter += 1) {
      parts.clock.advance(second / 4);
      expiries.look();
      await settled();
    }
    // After 1, 2, 4, 8, 16 and 32 seconds, and then once a minute.
    expect(parts.venue.canceled).toHaveLength(8);
    const told = parts.log.lines.filter(({ text }) => text.startsWith('the venue refuses to cancel'));
    expect(told).toHaveLength(1);
    parts.venue.onCancel = () => ({ kind: 'canceled', order: parts.venue.view(order, { status: 'canceled' }) });
    parts.clock.advance(60 * second);
    expiries.look();
    await settled(() => parts.stored(order).status === 'expired');
    expect(parts.stored(order)).toMatchObject({ status: 'expired', reason: { code: 'GTD_EXPIRED' } });
  });

  it('ends one that still waits for its trigger, and nothing ever leaves', async () => {
    const { parts, expiries, emulate, quote } = await triggerStage();
    const order = gtd(parts, { type: 'market', price: null, side: 'sell', purpose: 'close', trigger: stop });
    await emulate(order);
    parts.clock.advance(second);
    expiries.look();
    await settled(() => parts.stored(order).status === 'expired');
    await quote('90', '91');
    expect(parts.stored(order)).toMatchObject({ status: 'expired', reason: { code: 'GTD_EXPIRED' } });
    expect([parts.venue.placed, parts.venue.canceled]).toEqual([[], []]);
  });
});
