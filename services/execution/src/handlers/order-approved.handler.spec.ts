import { describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { AccountId, ClientOrderId, Quantity, RiskScope, TradeId, type TradingState, UserId } from '@scalpstorm/model';
import { anOrderRequest, aPosition } from '@scalpstorm/testkit';
import { ExecutionParts, held, settled } from '../../test/execution-parts.js';

describe('an approval', () => {
  it('is sent once, and only after its mark is committed', async () => {
    const parts = new ExecutionParts();
    const seen: string[] = [];
    parts.venue.onPlace = (request) => {
      seen.push(parts.stored(request).status);
      return parts.venue.accept(request);
    };
    expect(await parts.approve()).toEqual({ kind: 'done' });
    await settled(() => parts.stored().status === 'accepted');
    expect(seen).toEqual(['sending']);
    expect(parts.stored()).toMatchObject({ status: 'accepted', version: 2 });
  });

  it('carries its own expiry to the venue', async () => {
    const parts = new ExecutionParts();
    await parts.rest();
    expect(parts.venue.placed[0]?.options.expiresAt).toBe(parts.clock.now() + 5 * second);
  });

  it('that is too old sends nothing and says so', async () => {
    const parts = new ExecutionParts();
    const late = parts.approval();
    parts.clock.advance(3 * second);
    expect(await parts.approved.handle(late)).toEqual({ kind: 'done' });
    await settled();
    expect(parts.venue.placed).toEqual([]);
    expect(parts.stored()).toMatchObject({ status: 'expired', reason: { code: 'APPROVAL_EXPIRED' } });
  });

  it('that comes again sends nothing, not even while the first answer is awaited', async () => {
    const parts = new ExecutionParts();
    const answer = held<void>();
    parts.venue.onPlace = async (request) => {
      await answer.promise;
      return parts.venue.accept(request);
    };
    await parts.approve();
    await parts.approve();
    answer.keep();
    await settled(() => parts.stored().status === 'accepted');
    await parts.approve();
    await settled();
    expect(parts.venue.placed).toHaveLength(1);
  });

  it('that comes again after a crash sends nothing', async () => {
    const before = new ExecutionParts();
    before.venue.onPlace = () => new Promise(() => undefined);
    await before.approve();
    const after = new ExecutionParts({ storage: before.ledger.storage });
    await after.ledger.open();
    await after.approve();
    await settled();
    expect(after.venue.placed).toEqual([]);
  });

  it('is not answered and not sent when the mark can not be committed', async () => {
    const parts = new ExecutionParts();
    parts.ledger.storage.beforeCommit = () => Promise.reject(new Error('Postgres is away'));
    await expect(parts.approve()).rejects.toThrow('Postgres is away');
    await settled();
    expect(parts.venue.placed).toEqual([]);
  });

  it('for an account of somebody else is poison', async () => {
    const parts = new ExecutionParts();
    const order = anOrderRequest({ accountId: AccountId.of('elsewhere') });
    expect((await parts.approve(order)).kind).toBe('poison');
  });

  it('keeps fills that the answer brings, once, whoever tells them again', async () => {
    const parts = new ExecutionParts();
    const order = anOrderRequest();
    const fill = parts.fillOf(order, '7');
    parts.venue.onPlace = (request) => {
      const view = parts.venue.view(request, { status: 'filled', filledQuantity: request.quantity });
      return { kind: 'accepted', venueOrderId: view.venueOrderId, order: view, fills: [fill] };
    };
    await parts.approve(order);
    await settled(() => parts.stored().status === 'filled');
    const repeat = { clientOrderId: order.clientOrderId, occurredAt: parts.clock.now(), causedBy: null };
    const again = await parts.ledger.record({ ...repeat, events: [{ kind: 'filled', fill }] });
    expect(again).toMatchObject({ applied: 0, refused: [] });
    expect(parts.ledger.bookedTrades).toEqual([TradeId.of('7')]);
    expect(parts.ledger.positions()[0]?.fills).toBe(1);
  });

  it.each(['rejected', 'unknown'] as const)('that the venue answers with %s is written down as that', async (kind) => {
    const parts = new ExecutionParts();
    parts.venue.onPlace = () =>
      kind === 'rejected'
        ? { kind, code: 'INSUFFICIENT_BALANCE', text: 'no money', retryable: false }
        : { kind, code: 'TIMEOUT', text: 'no answer' };
    await parts.approve();
    await settled(() => parts.stored().status !== 'sending');
    expect(parts.stored().status).toBe(kind);
    expect(parts.venue.placed).toHaveLength(1);
  });

  it('whose mark took longer to commit than the approval holds is not sent', async () => {
    const parts = new ExecutionParts();
    parts.ledger.storage.beforeCommit = async () => void parts.clock.advance(3 * second);
    await parts.approve();
    await settled();
    expect(parts.venue.placed).toEqual([]);
    expect(parts.stored()).toMatchObject({ status: 'expired', reason: { code: 'APPROVAL_EXPIRED' } });
  });

  it('whose end could not be stored is ended when it comes again, and never sent, not even by who settles doubt', async () => {
    const parts = new ExecutionParts();
    const closing = anOrderRequest({ side: 'sell', purpose: 'close' });
    const approval = parts.approval(closing);
    let commits = 0;
    let away = false;
    parts.ledger.storage.beforeCommit = async () => {
      commits += 1;
      if (commits === 1) parts.clock.advance(3 * second);
      away ||= commits === 2;
      if (away) throw new Error('Postgres is away');
    };
    await expect(parts.approved.handle(approval)).rejects.toThrow('Postgres is away');
    await expect(parts.approved.handle(approval)).rejects.toThrow('Postgres is away');
    // It is there again, and the order is looked at before its message.
    away = false;
    for (let round = 0; round < 20; round += 1) {
      parts.clock.advance(second);
      await parts.resolveUnknown.round();
      await settled();
    }
    expect(await parts.approved.handle(approval)).toEqual({ kind: 'done' });
    expect(parts.stored(closing)).toMatchObject({ status: 'expired', reason: { code: 'APPROVAL_EXPIRED' } });
    expect(parts.venue.placed).toEqual([]);
    expect(parts.placeOrder.isWithheld(closing.clientOrderId)).toBe(false);
  });

  describe('after a halt', () => {
    const say = (parts: ExecutionParts, scope: RiskScope, state: TradingState) =>
      parts.halts.hear({ scope, state, text: 'drill', since: parts.clock.now() });
    const halt = (parts: ExecutionParts, userId: UserId | null) =>
      say(parts, userId === null ? RiskScope.platform : RiskScope.user(userId), 'halted');

    it.each([null, anOrderRequest().userId])('sends nothing that opens (%s)', async (userId) => {
      const parts = new ExecutionParts();
      await halt(parts, userId);
      expect(await parts.approve(anOrderRequest({ purpose: 'open' }))).toEqual({ kind: 'done' });
      await settled();
      expect(parts.venue.placed).toEqual([]);
      expect(parts.stored()).toMatchObject({ status: 'denied', reason: { code: 'TRADING_HALTED' } });
    });

    it('sends nothing that opens when the halt comes while the mark is committed', async () => {
      const parts = new ExecutionParts();
      parts.ledger.storage.beforeCommit = () => halt(parts, null);
      await parts.approve(anOrderRequest({ purpose: 'open' }));
      await settled();
      expect(parts.venue.placed).toEqual([]);
      expect(parts.stored()).toMatchObject({ status: 'expired', reason: { code: 'TRADING_HALTED' } });
    });

    it('lets nothing that opens leave that waited for the budget of the venue meanwhile, and what closes', async () => {
      const parts = new ExecutionParts();
      const budget = held<void>();
      parts.venue.beforeLeaving = () => budget.promise;
      const opening = anOrderRequest({ purpose: 'open' });
      const closing = anOrderRequest({ clientOrderId: ClientOrderId.of('closes'), purpose: 'close', side: 'sell' });
      for (const request of [opening, closing]) await parts.approve(request);
      await halt(parts, null);
      budget.keep();
      await settled(() => parts.stored(opening).status === 'expired');
      expect(parts.stored(opening)).toMatchObject({ status: 'expired', reason: { code: 'TRADING_HALTED' } });
      expect(parts.venue.placed.map(({ request }) => request.clientOrderId)).toEqual([closing.clientOrderId]);
    });

    it.each(RiskScope.all(anOrderRequest()))(
      'of the $kind sends nothing that opens, and says whose it is',
      async (scope) => {
        const parts = new ExecutionParts();
        await say(parts, scope, 'halted');
        await parts.approve(anOrderRequest({ purpose: 'open' }));
        await settled();
        expect(parts.venue.placed).toEqual([]);
        const text = expect.stringContaining(
          scope.kind === 'platform' ? 'the whole platform' : `the ${scope.kind} ${scope.id}`,
        );
        expect(parts.stored()).toMatchObject({ status: 'denied', reason: { code: 'TRADING_HALTED', text } });
      },
    );

    it('that only holds to reducing sends what was approved under it, and nothing of before', async () => {
      const parts = new ExecutionParts();
      const before = parts.approval();
      await say(parts, RiskScope.platform, 'reducing');
      await parts.approved.handle(before);
      await settled();
      expect(parts.stored()).toMatchObject({ status: 'denied', reason: { code: 'TRADING_REDUCING' } });
      parts.clock.advance(second);
      await parts.approve(anOrderRequest({ clientOrderId: ClientOrderId.of('saaaaaaaaN000010000') }));
      await settled(() => parts.venue.placed.length === 1);
      expect(parts.venue.placed).toHaveLength(1);
    });

    it('still sends what closes, and what another user opens', async () => {
      const parts = new ExecutionParts();
      await halt(parts, UserId.of('usr_somebodyelse'));
      await parts.approve(anOrderRequest({ purpose: 'open' }));
      await halt(parts, null);
      const clientOrderId = ClientOrderId.of('saaaaaaaaX000010000');
      await parts.approve(anOrderRequest({ purpose: 'close', side: 'sell', clientOrderId }));
      await settled(() => parts.venue.placed.length === 2);
      expect(parts.venue.placed).toHaveLength(2);
    });
  });

  it('waits while its account recovers, and is sent once as soon as it has recovered', async () => {
    const parts = new ExecutionParts({ recovered: false });
    const approval = parts.approval();
    const first = await parts.approved.handle(approval);
    expect(first).toMatchObject({ kind: 'retry', reason: expect.stringContaining('recovering') });
    expect(parts.ledger.storage.orders.size).toBe(0);
    await parts.reconcile.run(approval.order.accountId, 'start');
    expect(await parts.approved.handle(approval)).toEqual({ kind: 'done' });
    await settled(() => parts.stored().status === 'accepted');
    expect(parts.venue.placed).toHaveLength(1);
  });

  it('expires while its account recovers, and is never a dead letter', async () => {
    const parts = new ExecutionParts({ recovered: false });
    const approval = parts.approval();
    let outcome = await parts.approved.handle(approval);
    while (outcome.kind === 'retry') {
      parts.clock.advance((outcome.delayMs ?? 0) * 1_000);
      outcome = await parts.approved.handle(approval);
    }
    expect(outcome).toEqual({ kind: 'done' });
    expect(parts.stored()).toMatchObject({ status: 'expired', reason: { code: 'APPROVAL_EXPIRED' } });
    expect(parts.clock.now()).toBeGreaterThan(approval.expiresAt);
    expect(parts.venue.placed).toEqual([]);
  });

  it.each(['close-only', 'held'] as const)('is denied with the reason while its account is %s', async (kind) => {
    const parts = new ExecutionParts();
    const closing = anOrderRequest({ clientOrderId: ClientOrderId.of('closing'), side: 'sell', purpose: 'close' });
    parts.states.concluded(closing.accountId, { kind, code: 'FILL_CONFLICT', text: 'trade 7' }, 0);
    await parts.approve();
    await parts.approve(closing);
    await settled();
    const reason = { code: 'ACCOUNT_NOT_RECONCILED', text: expect.stringContaining('FILL_CONFLICT: trade 7') };
    expect(parts.stored()).toMatchObject({ status: 'denied', reason });
    const sent = parts.venue.placed.map(({ request }) => request.clientOrderId);
    expect(sent).toEqual(kind === 'held' ? [] : ['closing']);
  });

  it('of a close on top of another one, of which a gate that was started again did not know, sends nothing', async () => {
    const parts = new ExecutionParts();
    const held = aPosition({ quantity: Quantity.of('0.015'), fills: 1 });
    parts.ledger.books.rememberPosition(held);
    const close = (id: string) =>
      anOrderRequest({
        clientOrderId: ClientOrderId.of(id),
        side: 'sell',
        purpose: 'close',
        quantity: Quantity.of('0.01'),
      });
    const [first, second] = [close('first'), close('second')];
    await Promise.all([parts.approve(first), parts.approve(second)]);
    await settled(() => parts.stored(first).status === 'accepted');
    expect(parts.venue.placed.map(({ request }) => request.clientOrderId)).toEqual(['first']);
    expect(parts.stored(second)).toMatchObject({ status: 'denied', reason: { code: 'EXCEEDS_POSITION' } });
  });
});
