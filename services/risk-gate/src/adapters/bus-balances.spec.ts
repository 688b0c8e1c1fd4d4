import { afterEach, expect, it } from '@jest/globals';
import { answering } from '@scalpstorm/bus';
import { MemoryBroker, MemoryBus } from '@scalpstorm/bus/testing';
import { accountQuestion } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { AccountId, type Balance } from '@scalpstorm/model';
import { aBalance, anAccount } from '@scalpstorm/testkit';
import { BusBalances } from './bus-balances.js';

const broker = new MemoryBroker();
afterEach(() => broker.close());

it('balances are as old as the venue’s last word, and unknown before its first, while whether they agree is known', async () => {
  let said: { balances: readonly Balance[]; balancesAsOf: Timestamp | null } = { balances: [], balancesAsOf: null };
  const answer = async () => {
    const value = { accounts: [anAccount()], positions: [], reconciled: false, differences: [], ...said };
    return { ok: true as const, value };
  };
  await new MemoryBus({ broker, speaker: 'execution' }).receiver.receive({
    hears: [],
    listens: [],
    answers: [answering(accountQuestion, answer)],
  });
  const asked = new BusBalances(new MemoryBus({ broker, speaker: 'risk-gate' }).bus);
  const accountId = AccountId.of('demo');
  expect(await asked.of(accountId)).toMatchObject({ asOf: null, reconciled: false });
  said = { balances: [aBalance()], balancesAsOf: null };
  expect(await asked.of(accountId)).toMatchObject({ asOf: null, reconciled: false });
  const asOf = Timestamp.fromMicros(1_700_000_000_000_000);
  said = { ...said, balancesAsOf: asOf };
  expect(await asked.of(accountId)).toEqual({ balances: [aBalance()], asOf, reconciled: false });
});
