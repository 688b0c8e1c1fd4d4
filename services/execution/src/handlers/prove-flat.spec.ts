import { beforeEach, describe, expect, it } from '@jest/globals';
import { AccountId, BotId, ClientOrderId, RiskScope } from '@scalpstorm/model';
import { anOrderRequest } from '@scalpstorm/testkit';
import { VenueUnreachable } from '@scalpstorm/venue-api';
import { ExecutionParts } from '../../test/execution-parts.js';
import { MemoryTradingHalts } from '../../test/memory-trading-halts.js';
import { BookedFills } from '../ports/booked-fills.js';
import { CompareOnly } from './compare-only.js';
import { FlatQuestionHandler } from './flat-question.handler.js';
import type { FlattenHeld } from './flatten-held.js';
import { ProveFlat } from './prove-flat.js';
import type { RunPlans } from './run-plans.js';

const account = AccountId.of('demo');
const order = anOrderRequest();
const elsewhere = anOrderRequest({ clientOrderId: ClientOrderId.of('elsewhere') });

class NothingBooked extends BookedFills {
  among = async () => new Set<never>();
}

const noPlans = { openOf: async () => [] } as Pick<RunPlans, 'openOf'> as RunPlans;
const nothingClosed = { whyHeld: () => null } as Pick<FlattenHeld, 'whyHeld'> as FlattenHeld;

describe('proof of flat at an account', () => {
  let parts: ExecutionParts;
  let proveFlat: ProveFlat;

  beforeEach(async () => {
    parts = new ExecutionParts();
    const { ledger, venues, reconciliations, placeOrder, clock, states } = parts;
    const compareOnly = new CompareOnly(ledger, venues, reconciliations, new NothingBooked(), placeOrder, clock);
    proveFlat = new ProveFlat(ledger, venues, reconciliations, states, compareOnly, noPlans, nothingClosed);
  });
  const prove = (botId: BotId | null = null) => proveFlat.prove(account, botId);
  const idsOf = async (botId: BotId | null = null) => (await prove(botId)).orders.map((row) => row.clientOrderId);

  it('finds nothing where venue and books have nothing', async () => {
    await parts.reconcile.run(account, 'start');
    expect(await prove()).toEqual({ accountId: account, code: '', text: '', orders: [], positions: [] });
  });

  it('lists what the venue lists, ours or not, and what our books do not know to be over', async () => {
    await parts.rest(order);
    await parts.reconcile.run(account, 'start');
    parts.venue.orders.set('web_1', parts.venue.view(elsewhere, { clientOrderId: 'web_1' }));
    expect((await idsOf()).toSorted()).toEqual([order.clientOrderId, 'web_1'].toSorted());
    // Gone at the venue, and not yet in our books.
    parts.venue.orders.delete(order.clientOrderId);
    expect(await idsOf()).toContain(order.clientOrderId);
    expect(await idsOf(order.botId)).toEqual([order.clientOrderId]);
    expect(await idsOf(BotId.of('bot_otherone'))).toEqual([]);
  });

  it('proves nothing of an account that is not compared, whose venue is away or whose balances differ', async () => {
    expect((await prove()).code).toBe('ACCOUNT_RECOVERING');
    await parts.reconcile.run(account, 'start');
    expect((await prove()).code).toBe('');
    const { openOrders } = parts.venue;
    parts.venue.openOrders = () =>
      Promise.reject(new VenueUnreachable(parts.venue.venue, 'VENUE_TIMEOUT', 'no answer'));
    expect((await prove()).code).toBe('VENUE_TIMEOUT');
    parts.venue.openOrders = openOrders;
    await parts.reconciliations.setBaseline(account, new Map([['USDT', 1n]]));
    expect((await prove()).code).toBe('BALANCES_DIFFER');
    expect((await proveFlat.prove(AccountId.of('nobodys'), null)).code).toBe('ACCOUNT_NOT_CONNECTED');
  });

  it('says whether opening orders are held back', async () => {
    await parts.reconcile.run(account, 'start');
    const halts = new MemoryTradingHalts();
    const handler = new FlatQuestionHandler(proveFlat, halts);
    const scopes = [RiskScope.platform, RiskScope.account(account)];
    const ask = () => handler.answer({ accountIds: [account], botId: null, scopes });
    expect(await ask()).toMatchObject({ halted: false, accounts: [{ accountId: account }] });
    const word = { scope: RiskScope.account(account), state: 'halted' as const, text: '', since: parts.clock.now() };
    await halts.hear(word);
    expect((await ask()).halted).toBe(true);
  });
});
