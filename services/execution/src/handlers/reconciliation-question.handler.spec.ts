import { afterEach, describe, expect, it } from '@jest/globals';
import { answering } from '@scalpstorm/bus';
import { MemoryBroker, MemoryBus } from '@scalpstorm/bus/testing';
import { type ExternalDecision, instrumentsQuestion } from '@scalpstorm/contracts';
import { second } from '@scalpstorm/kernel';
import { AccountId, ClientOrderId, type Instrument, UserId } from '@scalpstorm/model';
import { anInstrument, anOrderRequest } from '@scalpstorm/testkit';
import { ExecutionParts } from '../../test/execution-parts.js';
import { MemoryExternalOrders } from '../../test/memory-external-orders.js';
import { DecideExternalOrder } from './decide-external-order.js';
import { ReconciliationQuestionHandler } from './reconciliation-question.handler.js';

const account = AccountId.of('demo');
let broker = new MemoryBroker();
afterEach(() => broker.close());

describe('an order from elsewhere in an instrument that market-data', () => {
  const scene = async (instruments: readonly Instrument[]) => {
    broker = new MemoryBroker();
    const parts = new ExecutionParts();
    const orders = new MemoryExternalOrders();
    const { ledger, venues, reconcile, clock, log, compareOrders, states } = parts;
    const decisions = new DecideExternalOrder(orders, ledger, venues, reconcile, clock, log, compareOrders);
    await new MemoryBus({ broker, speaker: 'market-data' }).receiver.receive({
      hears: [],
      listens: [],
      answers: [answering(instrumentsQuestion, async () => ({ instruments, lastPrices: [] }))],
    });
    const { bus } = new MemoryBus({ broker, speaker: 'execution' });
    const unused = {} as never;
    const handler = new ReconciliationQuestionHandler(venues, states, unused, unused, orders, decisions, bus);
    await parts.rest(anOrderRequest({ clientOrderId: ClientOrderId.of('ours') }));
    parts.venue.orders.set('web_1', parts.venue.view(anOrderRequest(), { clientOrderId: 'web_1' }));
    parts.clock.advance(10 * second);
    await parts.reconcile.run(account, 'timer');
    const decide = async (decision: ExternalDecision) => {
      const [order] = await orders.list([account], { before: null, limit: 10 });
      const asked = { userId: UserId.of('usr_by_hand'), accountIds: [account], externalOrderId: order?.id ?? 0n };
      return handler.answer({ kind: 'decide', ...asked, decision });
    };
    return { parts, decide };
  };

  it('does not list is not adopted, because the gate could not count it, and is canceled on request', async () => {
    const { parts, decide } = await scene([]);
    const answer = await decide('adopt');
    expect(answer).toMatchObject({ ok: false, refusals: [{ code: 'EXTERNAL_ORDER_NOT_LISTED', field: '/decision' }] });
    expect(parts.ledger.working(account)).toHaveLength(1);
    expect(await decide('cancel')).toMatchObject({ ok: true });
  });

  it('lists is adopted', async () => {
    const { parts, decide } = await scene([anInstrument()]);
    expect(await decide('adopt')).toMatchObject({
      ok: true,
      value: { externalOrders: [{ decision: { kind: 'adopt' } }] },
    });
    expect(parts.ledger.working(account)).toHaveLength(2);
  });
});
