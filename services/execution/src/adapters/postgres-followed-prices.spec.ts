import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { BrokenInvariant } from '@scalpstorm/kernel';
import { AccountId, ClientOrderId, Price } from '@scalpstorm/model';
import type { PostgresStore } from '@scalpstorm/store';
import { describeWithServers, FakeClock } from '@scalpstorm/testkit';
import { ScratchSchema } from '../../test/scratch-ledger.js';
import { PostgresFollowedPrices } from './postgres-followed-prices.js';

const accountId = AccountId.of('demo');
const [first, second] = [ClientOrderId.of('first'), ClientOrderId.of('second')];

describeWithServers('how far prices were followed, in Postgres', ({ postgresUrl }) => {
  let scratch: ScratchSchema;
  let store: PostgresStore;
  let followed: PostgresFollowedPrices;

  beforeEach(async () => {
    const clock = new FakeClock();
    scratch = new ScratchSchema(postgresUrl, () => clock.now());
    await scratch.migrate();
    store = scratch.store();
    const writer = scratch.ledger(store);
    await writer.open(accountId);
    followed = new PostgresFollowedPrices(store, writer);
  });

  afterEach(() => scratch.remove());

  it('is kept and forgotten for each account by itself', async () => {
    await followed.keep(accountId, new Map([[first, Price.of('1')]]));
    await followed.keep(
      accountId,
      new Map([
        [first, Price.of('2')],
        [second, Price.of('3')],
      ]),
    );
    await store.sql`insert into followed_prices (client_order_id, price, account_id) values ('theirs', 9, 'other')`;
    expect(await followed.load(accountId)).toEqual(
      new Map([
        [first, Price.of('2')],
        [second, Price.of('3')],
      ]),
    );
    await followed.forget(accountId, [first, ClientOrderId.of('theirs')]);
    expect(await followed.load(accountId)).toEqual(new Map([[second, Price.of('3')]]));
    expect((await followed.load(AccountId.of('other'))).size).toBe(1);
  });

  it('is neither kept nor forgotten by one whose account another one took', async () => {
    await followed.keep(accountId, new Map([[first, Price.of('1')]]));
    await store.sql`update leases set token = token + 1 where account_id = ${accountId}`;
    await expect(followed.keep(accountId, new Map([[first, Price.of('2')]]))).rejects.toThrow(BrokenInvariant);
    await expect(followed.forget(accountId, [first])).rejects.toThrow(BrokenInvariant);
    expect(await followed.load(accountId)).toEqual(new Map([[first, Price.of('1')]]));
  });
});
