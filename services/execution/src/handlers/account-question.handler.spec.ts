import { describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { AccountId } from '@scalpstorm/model';
import { aBalance } from '@scalpstorm/testkit';
import { ExecutionParts } from '../../test/execution-parts.js';
import { AccountQuestionHandler } from './account-question.handler.js';

const accountId = AccountId.of('demo');

function asked(parts: ExecutionParts) {
  const retold: string[] = [];
  const retelling = {
    retell: async (id: AccountId) => {
      retold.push(id);
      return 0;
    },
  };
  const { ledger, venues, reconcile, reconciliations, states } = parts;
  return {
    retold,
    handler: new AccountQuestionHandler(ledger, venues, reconcile, reconciliations, retelling, states),
  };
}

describe('a question about an account', () => {
  it('says that the account is not compared yet, and what it waits for', async () => {
    const parts = new ExecutionParts({ recovered: false });
    parts.states.recovering(accountId, 'the venue is away');
    const answer = await asked(parts).handler.answer({ kind: 'get', accountId });
    expect(answer).toMatchObject({
      ok: true,
      value: { reconciled: false, differences: [{ theirs: 'the venue is away', repaired: false }] },
    });
  });

  it('compares and tells the newest states again when somebody doubts them', async () => {
    const parts = new ExecutionParts({ recovered: false });
    const { handler, retold } = asked(parts);
    expect(await handler.answer({ kind: 'reconcile', accountId })).toMatchObject({
      ok: true,
      value: { reconciled: true, differences: [] },
    });
    expect(retold).toEqual([accountId]);
  });

  it('says that nothing was compared while the venue is away', async () => {
    const parts = new ExecutionParts();
    parts.venue.reachable = false;
    const { handler, retold } = asked(parts);
    expect(await handler.answer({ kind: 'reconcile', accountId })).toMatchObject({
      ok: true,
      value: {
        reconciled: false,
        differences: [
          { ours: 'not compared', repaired: false, decision: expect.stringMatching(/^VENUE_UNREACHABLE: /) },
        ],
      },
    });
    expect(retold).toEqual([]);
  });

  it('says so when the account loses its connection meanwhile', async () => {
    const parts = new ExecutionParts();
    parts.venue.serverTime = async () => {
      await parts.venues.detach(accountId);
      return parts.clock.now();
    };
    expect(await asked(parts).handler.answer({ kind: 'reconcile', accountId })).toMatchObject({
      ok: true,
      value: { reconciled: false, differences: [{ decision: expect.stringMatching(/^ACCOUNT_NOT_CONNECTED: /) }] },
    });
  });

  it('says of when the balances are: the stream’s own time, or what an answer must at least contain', async () => {
    const parts = new ExecutionParts();
    const asOf = async () => {
      const answer = await asked(parts).handler.answer({ kind: 'get', accountId });
      return answer.ok ? answer.value.balancesAsOf : undefined;
    };
    expect(await asOf()).toBeNull();
    await parts.reconcile.run(accountId, 'start');
    expect(await asOf()).toBe(parts.clock.now() - parts.venues.readLag);
    parts.clock.advance(second);
    const told = parts.clock.now();
    parts.venueReport.listenerFor(accountId).onBalances([aBalance({})], told);
    parts.clock.advance(second);
    expect(await asOf()).toBe(told);
  });

  it('lists what stays open', async () => {
    const parts = new ExecutionParts();
    const order = await parts.rest();
    const fill = parts.fillOf(order.request, '1', { quantity: order.request.quantity });
    parts.venue.fills = [{ ...fill, side: 'sell' }];
    await parts.reconcile.run(accountId, 'timer');
    const answer = await asked(parts).handler.answer({ kind: 'get', accountId });
    expect(answer).toMatchObject({ ok: true, value: { reconciled: false } });
    expect(answer.ok && answer.value.differences.map(({ decision }) => decision.split(':')[0])).toContain(
      'FILL_NOT_BOOKED',
    );
  });
});
