import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Bus, NoAnswer } from '@scalpstorm/bus';
import { second, Timestamp } from '@scalpstorm/kernel';
import { AccountId, type Balance, Currency, Money } from '@scalpstorm/model';
import { aBalance, anInstrument } from '@scalpstorm/testkit';
import { BusAccountFunds } from './bus-account-funds.js';

const instrument = anInstrument();
const one = AccountId.of('one');
const start = Timestamp.fromMillis(1_700_000_000_000);

/** Execution, as far as it is asked for balances. */
class Execution {
  asked: string[] = [];
  answers = true;
  balances: readonly Balance[] = [aBalance()];
  asOf: Timestamp | null = start;

  async ask(_question: object, { accountId }: { readonly accountId: string }): Promise<unknown> {
    this.asked.push(accountId);
    if (!this.answers) throw new NoAnswer('NO_RESPONDER', 'execution.ask.v1');
    const value = { accounts: [], balances: this.balances, positions: [], differences: [], balancesAsOf: this.asOf };
    return { ok: true, value };
  }
}

describe('what accounts hold', () => {
  let execution: Execution;
  let now: Timestamp;
  let funds: BusAccountFunds;
  beforeEach(() => {
    execution = new Execution();
    now = start;
    funds = new BusAccountFunds(execution as unknown as Pick<Bus, 'ask'>, { now: () => now });
  });

  const pass = (seconds: number) => {
    now = Timestamp.plus(now, seconds * second);
  };
  const refresh = () => funds.refresh(new Set([one]));
  const free = () => {
    const known = funds.of(one, instrument, now);
    return known === null ? null : Money.format(known.quote.free);
  };

  it('is not known before execution has told it, and not before the venue has told execution', async () => {
    expect(free()).toBeNull();
    execution.asOf = null;
    await refresh();
    expect(free()).toBeNull();
    execution.asOf = start;
    await refresh();
    expect(free()).toBe('10000');
    expect(funds.of(one, instrument, now)?.base.free).toEqual(Money.zero(instrument.base));
  });

  it('is asked for where a bot goes by it, and confirmed every few seconds', async () => {
    await funds.refresh(new Set());
    expect(execution.asked).toEqual([]);
    await refresh();
    await refresh();
    pass(4);
    await refresh();
    expect(execution.asked).toEqual(['one']);
    pass(1);
    await refresh();
    expect(execution.asked).toEqual(['one', 'one']);
  });

  it('is not known any more when nobody has confirmed it for a while', async () => {
    await refresh();
    execution.answers = false;
    pass(14);
    await refresh();
    expect(free()).toBe('10000');
    pass(2);
    expect(free()).toBeNull();
    execution.answers = true;
    await refresh();
    expect(free()).toBe('10000');
  });

  it('is not known after an order has moved something, until the venue has spoken of it since', async () => {
    await refresh();
    const moved = Timestamp.plus(start, 3 * second);
    funds.outdate(one, moved, now);
    expect(free()).toBeNull();
    await refresh();
    expect(free()).toBeNull();
    execution.balances = [aBalance({ free: Money.of('9000', 'USDT') })];
    execution.asOf = moved;
    await refresh();
    expect(free()).toBe('9000');
    // Older news of the same account, told late.
    funds.outdate(one, start, now);
    expect(free()).toBe('9000');
  });

  it('is taken as execution says it when the venue says nothing more for ten seconds', async () => {
    await refresh();
    funds.outdate(one, Timestamp.plus(start, second), now);
    pass(9);
    await refresh();
    expect(free()).toBeNull();
    pass(1);
    await refresh();
    expect(free()).toBe('10000');
  });

  it('is not in doubt for ever where an order moves something all the time', async () => {
    await refresh();
    for (let step = 1; step <= 10; step += 1) {
      funds.outdate(one, Timestamp.plus(start, step * second), now);
      expect(free()).toBeNull();
      pass(1);
      await refresh();
    }
    expect(free()).toBe('10000');
    funds.outdate(one, Timestamp.plus(start, 60 * second), now);
    expect(free()).toBeNull();
  });

  it('is forgotten with the last bot that goes by it', async () => {
    await refresh();
    await funds.refresh(new Set());
    expect(free()).toBeNull();
    expect(funds.of(one, { ...instrument, quote: Currency.of('EUR') }, now)).toBeNull();
  });

  it('throws what is no silence', async () => {
    execution.ask = () => Promise.reject(new TypeError('a bug'));
    await expect(refresh()).rejects.toThrow('a bug');
  });
});
