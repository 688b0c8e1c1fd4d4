import { expect, it } from '@jest/globals';
import { AccountId } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { AccountStates } from './account-states.js';

const demo = AccountId.of('demo');
const brought = AccountId.of('brought');

async function told(metrics: Metrics) {
  const metric = await metrics.registry.getSingleMetric('scalpstorm_account_trading')?.get();
  return metric?.values.map(({ labels, value }) => [labels['account'], labels['owner'], value]) ?? [];
}

it("tells the operator's accounts from those that users brought, and the former before anything is known of them", async () => {
  const metrics = new Metrics('execution');
  const states = new AccountStates(metrics);
  states.ofOperator(demo);
  expect(await told(metrics)).toEqual([['demo', 'operator', 0]]);
  states.concluded(demo, null, 0);
  states.recovering(brought, 'comparing with the venue');
  expect(await told(metrics)).toEqual([
    ['demo', 'operator', 1],
    ['brought', 'user', 0],
  ]);
});

it('tells nothing of an account that was taken away', async () => {
  const metrics = new Metrics('execution');
  const states = new AccountStates(metrics);
  states.concluded(brought, null, 0);
  states.forget(brought);
  expect(await told(metrics)).toEqual([]);
  states.recovering(brought, 'it came back');
  expect(await told(metrics)).toEqual([['brought', 'user', 0]]);
});
