import { expect, it } from '@jest/globals';
import { AccountId, Quantity } from '@scalpstorm/model';
import { close, wish } from '../../test/gate-scene.js';
import { handlerScene } from '../../test/handler-scene.js';
import { AccountNews } from './account-news.js';

const entry = wish({ quantity: Quantity.of('0.01') });
const soon = () => new Promise((resolve) => setImmediate(resolve));

it('a close that is asked for before its entry’s fill was heard is approved when it is heard', async () => {
  const { verdicts, request, filled } = handlerScene();
  const asked = request(close('0.01'));
  await soon();
  expect(verdicts.told).toEqual([]);
  await filled(entry);
  expect((await asked).kind).toBe('done');
  expect(verdicts.told).toEqual(['approved']);
});

it('news that makes no room, and silence, end in the denial, which is counted once', async () => {
  const { verdicts, request, filled, metrics } = handlerScene();
  const asked = request(close('0.02'));
  await filled(entry);
  expect((await asked).kind).toBe('done');
  expect(verdicts.told).toEqual(['denied']);
  const lines = (await metrics.registry.metrics()).split('\n');
  const counted = lines.filter((line) => line.startsWith('scalpstorm_risk_verdicts_total') && !line.endsWith(' 0'));
  expect(counted.map((line) => /code="(\w+)".* (\d+)$/.exec(line)?.slice(1))).toEqual([['EXCEEDS_POSITION', '1']]);
});

it('a gate that loses the lease while it hears out leaves the request to whoever has it', async () => {
  const { lease, verdicts, request, gate } = handlerScene();
  const order = close('0.01');
  const asked = request(order);
  await soon();
  lease.isHeld = false;
  gate.news.arrived(order.accountId);
  expect((await asked).kind).toBe('retry');
  expect(verdicts.told).toEqual([]);
});

it('another account’s news wakes nobody, and only so many wait of each account, and of all', async () => {
  const news = new AccountNews();
  const accounts = ['one', 'two', 'three', 'four'].map((id) => AccountId.of(id));
  const [one = AccountId.of('one'), other = one] = accounts;
  const four = (account: AccountId) => Array.from({ length: 4 }, () => news.next(account, 60_000));
  const waiting = four(one);
  expect(await news.next(one, 60_000)).toBe(false);
  const others = accounts.slice(1).flatMap(four);
  expect(await news.next(AccountId.of('five'), 60_000)).toBe(false);
  const all = Promise.all(waiting);
  news.arrived(other);
  expect(await Promise.race([all, soon().then(() => 'none')])).toBe('none');
  for (const account of accounts) news.arrived(account);
  expect([...(await all), ...(await Promise.all(others))]).toEqual(Array.from({ length: 16 }, () => true));
  const again = news.next(one, 60_000);
  news.arrived(one);
  expect(await again).toBe(true);
});
