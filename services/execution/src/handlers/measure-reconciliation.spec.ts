import { expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { AccountId, UserId } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { anOrderRequest } from '@scalpstorm/testkit';
import { ExecutionParts } from '../../test/execution-parts.js';
import { MemoryExternalOrders } from '../../test/memory-external-orders.js';
import { unrepaired } from '../domain/differences.js';
import { MeasureReconciliation } from './measure-reconciliation.js';

const account = AccountId.of('demo');

it('tells how many differences stay and how many orders from elsewhere wait, as soon as that changes', async () => {
  const { venues, reconciliations, venue, clock } = new ExecutionParts();
  const orders = new MemoryExternalOrders();
  const metrics = new Metrics('execution');
  new MeasureReconciliation(venues, reconciliations, orders, metrics);
  const told = async () =>
    (await metrics.registry.metrics())
      .split('\n')
      .filter((line) => /recon_differences_open|external_orders_waiting/.test(line));
  const value = async (start: string) =>
    (await told())
      .find((line) => line.startsWith(start))
      ?.split(' ')
      .at(-1);
  const ordersDiffer = 'scalpstorm_recon_differences_open{account="demo",kind="order"';
  const waiting = 'scalpstorm_external_orders_waiting{account="demo"';
  expect([await value(ordersDiffer), await value(waiting)]).toEqual(['0', '0']);

  const words = { subject: 'a0f3', ours: 'accepted', theirs: 'not found', decision: 'left' };
  const differences = [unrepaired('order', account, words), { ...unrepaired('fill', account, words), repaired: true }];
  await reconciliations.conclude({ accountId: account, trigger: 'timer', clean: false, differences });
  await orders.seen(account, [venue.view(anOrderRequest(), { clientOrderId: 'web_1' })], clock.now());
  clock.advance(second);
  expect([await value(ordersDiffer), await value(waiting)]).toEqual(['1', '1']);
  await orders.decide({ accountId: account, id: 1n, kind: 'ignore', by: UserId.of('usr_1'), at: clock.now() });
  expect(await value(waiting)).toBe('0');
});
