import { expect, it } from '@jest/globals';
import { Bus } from '@scalpstorm/bus';
import type { AccountChanged, Contract } from '@scalpstorm/contracts';
import { AccountId, BotId, InstrumentId, Money, type Position, Quantity } from '@scalpstorm/model';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { anAccount, FakeClock } from '@scalpstorm/testkit';
import { FakeVenue, FakeVenues } from '../../test/fake-venue.js';
import { MemoryLedger } from '../../test/memory-ledger.js';
import { TellAccounts } from './tell-accounts.js';

/** Takes what is said, but for the accounts that are too much for it. */
class HeardBus extends Bus {
  readonly state = 'connected';
  readonly reconnects = 0;
  readonly heard: AccountChanged[] = [];
  tooMuch: string | null = null;
  publish = () => undefined;
  ask = async (): Promise<never> => {
    throw new Error('nobody answers');
  };
  async send<E>(_contract: Contract<E>, event: E) {
    const told = event as AccountChanged;
    if (told.account.id === this.tooMuch) throw new Error('maximum payload exceeded');
    this.heard.push(told);
    return { duplicate: false };
  }
}

const clock = new FakeClock();

function position(bot: string, quantity: string): Position {
  const money = Money.zero(Money.of('0', 'USDT').currency);
  const ids = {
    accountId: AccountId.of('demo'),
    botId: BotId.of(bot),
    instrumentId: InstrumentId.of('sim', 'BTC-USDT'),
  };
  return { ...ids, quantity: Quantity.of(quantity), cash: money, fees: [], fills: 2, updatedAt: clock.now() };
}

function scene() {
  const bus = new HeardBus();
  const ledger = new MemoryLedger(() => clock.now());
  const others = ['second', 'third'].map((id) => ({
    account: { ...anAccount(), id: AccountId.of(id) },
    venue: venue(),
  }));
  const venues = new FakeVenues(venue(), anAccount(), others);
  return { bus, ledger, tell: new TellAccounts(bus, ledger, venues, clock, new RecordingLog()) };
}

const venue = () => new FakeVenue(() => clock.now());

it('tells what is open, and by its absence what was closed; what did not change is not told again', async () => {
  const { bus, ledger, tell } = scene();
  ledger.books.rememberPosition(position('bot_00000001', '0.5'));
  ledger.books.rememberPosition(position('bot_00000002', '0'));
  await tell.tellChanged();
  const ofDemo = () => bus.heard.filter(({ account }) => account.id === 'demo').map(({ positions }) => positions);
  expect(ofDemo().map((told) => told.map(({ botId }) => botId))).toEqual([['bot_00000001']]);
  await tell.tellChanged();
  expect(ofDemo()).toHaveLength(1);
  ledger.books.rememberPosition(position('bot_00000001', '0'));
  await tell.tellChanged();
  expect(ofDemo().at(-1)).toEqual([]);
});

it('an account that cannot be told silences no other', async () => {
  const { bus, tell } = scene();
  bus.tooMuch = 'demo';
  await tell.tellChanged();
  expect(bus.heard.map(({ account }) => account.id)).toEqual(['second', 'third']);
  bus.tooMuch = null;
  await tell.tellChanged();
  expect(bus.heard.map(({ account }) => account.id)).toEqual(['second', 'third', 'demo']);
});
