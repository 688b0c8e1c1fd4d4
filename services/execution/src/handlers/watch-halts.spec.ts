import { beforeEach, describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { RiskScope } from '@scalpstorm/model';
import { anOrderRequest } from '@scalpstorm/testkit';
import { ExecutionParts } from '../../test/execution-parts.js';
import type { TradingWord } from '../ports/trading-halts.js';
import { CancelOpening } from './cancel-opening.js';
import { ObeyTradingWord } from './obey-trading-word.js';
import { WatchHalts } from './watch-halts.js';

const open = anOrderRequest();
const scope = RiskScope.user(open.userId);
const away = () => Promise.reject(new Error('Postgres is away'));

describe('a word about trading that another process has kept', () => {
  let parts: ExecutionParts;
  let watch: WatchHalts;
  let halted: TradingWord;

  beforeEach(async () => {
    parts = new ExecutionParts();
    const { ledger, venues, cancelOrder, placeOrder, clock, log, halts } = parts;
    const cancelOpening = new CancelOpening(ledger, venues, cancelOrder, placeOrder, clock, log);
    watch = new WatchHalts(halts, new ObeyTradingWord(halts, log, cancelOpening), log);
    halted = { scope, state: 'halted', text: 'all out', since: clock.now(), level: 'flatten' };
    halts.told = [halted];
    await parts.rest(open);
  });
  const reason = () => parts.stored(open).cancelReason;
  const said = (words: RegExp) => parts.log.lines.filter(({ text }) => words.test(text)).length;

  it('is obeyed as one from the bus, and once', async () => {
    await watch.look();
    expect(reason()).toBe('halt');
    expect([parts.halts.endingOver(open), parts.halts.isFlattening()]).toEqual(['flatten', true]);
    await watch.look();
    expect(said(/trading is halted/)).toBe(1);
  });

  it('ends nothing when its release was heard meanwhile', async () => {
    const since = Timestamp.plus(halted.since, second);
    await parts.halts.hear({ scope, state: 'active', text: '', since });
    await watch.look();
    expect([reason(), parts.halts.isHalted([scope])]).toEqual([null, false]);
  });

  it('that is a release lets go on', async () => {
    await watch.look();
    parts.halts.told = [{ scope, state: 'active', text: '', since: Timestamp.plus(halted.since, second) }];
    await watch.look();
    expect(parts.halts.isHalted([scope])).toBe(false);
  });

  it('is read as soon as the database is back, which is told once for each time that it is away', async () => {
    const { stored } = parts.halts;
    for (const times of [1, 2]) {
      parts.halts.stored = away;
      await watch.look();
      await watch.look();
      expect(said(/could not be read/)).toBe(times);
      parts.halts.stored = stored;
      await watch.look();
    }
    expect(reason()).toBe('halt');
  });

  it('cancels the next time what could not be canceled, though it is known by then', async () => {
    const { requestCancel } = parts.ledger;
    parts.ledger.requestCancel = away;
    await watch.look();
    expect([reason(), parts.halts.isHalted([scope])]).toEqual([null, true]);
    parts.ledger.requestCancel = requestCancel;
    await watch.look();
    expect(reason()).toBe('halt');
  });

  it('is obeyed by the next life when the one that kept it died before it had canceled', async () => {
    parts.halts.told = [];
    await parts.halts.hear(halted);
    watch.start();
    watch.onApplicationShutdown();
    await watch.look();
    expect(reason()).toBe('halt');
  });
});
