import { describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { AccountId, BotId, ClientOrderId, Money, type OrderRequest, Quantity, VenueOrderId } from '@scalpstorm/model';
import { aBalance, anOrderRequest } from '@scalpstorm/testkit';
import { ExecutionParts } from '../../test/execution-parts.js';

const account = AccountId.of('demo');
const bot = BotId.of('bot_00000001');
const half = Quantity.of('0.005');
const idOf = (leg: 'entry' | 'exit', cycle: number, attempt = 0, botId = bot) =>
  ClientOrderId.forSlot({ botId, cycle, leg, attempt });
const buy = (cycle: number, attempt = 0): OrderRequest =>
  anOrderRequest({ clientOrderId: idOf('entry', cycle, attempt) });
const sell = (cycle: number, attempt = 0): OrderRequest =>
  anOrderRequest({ clientOrderId: idOf('exit', cycle, attempt), side: 'sell', purpose: 'close' });

const expired = { kind: 'expired', reason: { code: 'APPROVAL_EXPIRED', text: 'too old' } } as const;

/** The books know one order of the bot, which rests. */
async function backedUp() {
  const parts = new ExecutionParts();
  await parts.rest(buy(0));
  parts.venue.holdings = [aBalance({ free: Money.of('1000', 'USDT') })];
  return parts;
}

/** The venue goes on with it, and takes what the books will never have heard of. */
function goOn(parts: ExecutionParts) {
  const { venue } = parts;
  parts.clock.advance(60 * second);
  venue.accept(buy(0), { status: 'filled', filledQuantity: buy(0).quantity });
  venue.accept(sell(0), { status: 'filled', filledQuantity: sell(0).quantity });
  venue.accept(buy(1), { status: 'canceled', filledQuantity: half });
  venue.accept(sell(1));
  venue.fills = [
    parts.fillOf(buy(0), '1'),
    parts.fillOf(sell(0), '2', { quantity: half }),
    parts.fillOf(sell(0), '3', { quantity: half }),
    parts.fillOf(buy(1), '4', { quantity: half }),
  ];
}

const changes = ({ ledger }: ExecutionParts) =>
  ledger.storage.commits
    .flatMap((batch) => batch.events)
    .map(({ order, event }) => `${order.request.clientOrderId.slice(9)} ${event.kind}`);

describe('books that are older than the venue', () => {
  it('take in what the venue took since, each order with its fills and its end before the next one', async () => {
    const parts = await backedUp();
    goOn(parts);
    const before = changes(parts).length;
    const found = await parts.reconcile.run(account, 'start');
    expect(changes(parts).slice(before)).toEqual([
      'N000000000 filled',
      'X000000000 sending',
      'X000000000 accepted',
      'X000000000 filled',
      'X000000000 filled',
      'N000010000 sending',
      'N000010000 accepted',
      'N000010000 filled',
      'N000010000 cancel-requested',
      'N000010000 canceled',
      'X000010000 sending',
      'X000010000 accepted',
    ]);
    expect(found.filter(({ decision }) => decision.startsWith('taken into the books'))).toHaveLength(3);
    expect(parts.stored(sell(1))).toMatchObject({ status: 'accepted', request: { ...sell(1), timeInForce: 'GTC' } });
  });

  it('book every fill once, and have nothing more to take in the next time', async () => {
    const parts = await backedUp();
    goOn(parts);
    await parts.reconcile.run(account, 'start');
    const known = changes(parts).length;
    await parts.reconcile.run(account, 'start');
    expect(changes(parts)).toHaveLength(known);
    expect(parts.ledger.bookedTrades).toEqual(['1', '2', '3', '4']);
    const [position] = parts.ledger.positions();
    expect(position).toMatchObject({ botId: bot, fills: 4 });
  });

  it('wait until what was told again has left, and only when there is something to take in', async () => {
    const parts = await backedUp();
    await parts.reconcile.run(account, 'start');
    expect(parts.deliveries).toBe(0);
    goOn(parts);
    await parts.reconcile.run(account, 'start');
    expect(parts.deliveries).toBe(1);
  });

  it('tell of the attempts that never reached the venue, so that their bot does not make them again', async () => {
    const parts = await backedUp();
    goOn(parts);
    parts.venue.accept(sell(1, 2));
    await parts.reconcile.run(account, 'start');
    expect(parts.stored(sell(1, 1))).toMatchObject({ status: 'expired', reason: { code: 'NOT_FOUND_AFTER_EXPIRY' } });
    expect(parts.stored(sell(1, 2)).status).toBe('accepted');
  });

  it('send nothing for what a bot asks for again: neither an order that was taken in nor one of a cycle that is over', async () => {
    const parts = await backedUp();
    goOn(parts);
    await parts.reconcile.run(account, 'start');
    const sent = parts.venue.placed.length;
    await parts.approve(sell(0));
    await parts.approve(sell(0, 1));
    await parts.approve(buy(1));
    expect(parts.venue.placed).toHaveLength(sent);
    expect(parts.stored(sell(0)).status).toBe('filled');
    expect(parts.stored(sell(0, 1))).toMatchObject({ status: 'denied', reason: { code: 'CYCLE_IS_OVER' } });
    await parts.approve(buy(2));
    expect(parts.venue.placed).toHaveLength(sent + 1);
  });

  it('book what an order has filled that its bot asked for again before they were compared', async () => {
    const parts = new ExecutionParts({ recovered: false });
    await parts.ledger.admit(buy(0), {
      clientOrderId: buy(0).clientOrderId,
      events: [expired],
      occurredAt: parts.clock.now(),
      causedBy: null,
    });
    parts.venue.accept(buy(0), { status: 'filled', filledQuantity: buy(0).quantity });
    parts.venue.fills = [parts.fillOf(buy(0), '1')];
    await parts.reconcile.run(account, 'start');
    expect(parts.stored(buy(0)).status).toBe('filled');
    expect(parts.ledger.bookedTrades).toEqual(['1']);
  });

  it('know whose cancel it was: the bot’s own when it went on after it, else somebody else’s', async () => {
    const parts = await backedUp();
    goOn(parts);
    parts.venue.accept(sell(1), { status: 'canceled' });
    await parts.reconcile.run(account, 'start');
    expect(parts.stored(buy(1))).toMatchObject({ status: 'canceled', cancelReason: 'replace' });
    expect(parts.stored(sell(1))).toMatchObject({ status: 'canceled', cancelReason: null });
  });

  it('are compared so before an account trades, and never while it does', async () => {
    const parts = await backedUp();
    goOn(parts);
    await parts.reconcile.run(account, 'timer');
    expect(parts.ledger.storage.order(sell(0).clientOrderId)).toBeNull();
  });

  it('leave alone what is under no id of ours, and what belongs to nobody who is known', async () => {
    const parts = await backedUp();
    await parts.rest(
      anOrderRequest({
        clientOrderId: idOf('entry', 0, 0, BotId.of('bot_other000')),
        botId: BotId.of('bot_other000'),
        userId: 'user_2' as OrderRequest['userId'],
      }),
    );
    const stranger = idOf('entry', 4, 0, BotId.of('bot_stranger'));
    parts.venue.accept(anOrderRequest({ clientOrderId: ClientOrderId.of('byHand1') }));
    parts.venue.accept(anOrderRequest({ clientOrderId: stranger }), { venueOrderId: VenueOrderId.of('v9') });
    await parts.reconcile.run(account, 'start');
    expect(parts.ledger.storage.order(stranger)).toBeNull();
    expect(parts.ledger.storage.order(ClientOrderId.of('byHand1'))).toBeNull();
    expect(parts.log.lines.map(({ text }) => text).join()).toContain('nobody knows whose bot it is');
  });

  it('give an order of a bot without any to the only user of the account', async () => {
    const parts = await backedUp();
    const other = BotId.of('bot_newcomer');
    const request = anOrderRequest({ clientOrderId: idOf('entry', 0, 0, other), botId: other });
    parts.venue.accept(request);
    await parts.reconcile.run(account, 'start');
    expect(parts.stored(request)).toMatchObject({ status: 'accepted', request: { userId: 'user_1', botId: other } });
  });
});
