import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Bus } from '@scalpstorm/bus';
import type { RiskCommand } from '@scalpstorm/contracts';
import { second, Timestamp } from '@scalpstorm/kernel';
import { BotId, ClientOrderId, EventId, RiskScope } from '@scalpstorm/model';
import { anOrderRequest } from '@scalpstorm/testkit';
import { ExecutionParts } from '../../test/execution-parts.js';
import { CancelOpening } from './cancel-opening.js';
import { MachineHalt } from './machine-halt.js';
import { ObeyTradingWord } from './obey-trading-word.js';
import { TradingStateHandler } from './trading-state.handler.js';

const { platform } = RiskScope;
const open = anOrderRequest();
const close = anOrderRequest({ clientOrderId: ClientOrderId.of('close1'), purpose: 'close', side: 'sell' });
const later = anOrderRequest({ clientOrderId: ClientOrderId.of('later1') });

describe('a halt that cancels, by execution alone', () => {
  let parts: ExecutionParts;
  let cancelOpening: CancelOpening;
  let asked: RiskCommand[];
  /** Null: nobody answers. */
  let gateSince: Timestamp | null;
  let halt: MachineHalt;

  beforeEach(async () => {
    parts = new ExecutionParts();
    asked = [];
    gateSince = null;
    const { ledger, venues, cancelOrder, placeOrder, clock, log, halts, pause } = parts;
    cancelOpening = new CancelOpening(ledger, venues, cancelOrder, placeOrder, clock, log);
    const ask = async (_question: unknown, command: RiskCommand) => {
      asked.push(command);
      if (gateSince === null) throw new Error('nobody answers');
      return { ok: true, value: { state: 'halted', text: '', since: gateSince, states: [{ since: gateSince }] } };
    };
    halt = new MachineHalt(halts, cancelOpening, { ask } as unknown as Bus, pause, clock, log);
    await parts.rest(open);
  });
  const wanted = (order: typeof open) => parts.stored(order).cancelReason;

  it('lets no opening order leave from the signal on, cancels what opens and leaves what closes', async () => {
    await parts.rest(close);
    parts.pause.meanwhile = async () => {
      // Gate and bus are away, and nothing opens all the same.
      await parts.approve(later);
      expect(parts.stored(later)).toMatchObject({ status: 'denied', reason: { code: 'TRADING_HALTED' } });
      gateSince = parts.clock.now();
    };
    await halt.press();
    expect([wanted(open), wanted(close)]).toEqual(['halt', null]);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toMatchObject({ kind: 'set', scope: platform, state: 'halted', level: 'cancel', operator: true });
    expect(asked[0]).toMatchObject({ by: expect.stringMatching(/^machine:/) });
  });

  it('holds while Postgres is away, and cancels when it is back', async () => {
    gateSince = parts.clock.now();
    parts.halts.stored = () => Promise.reject(new Error('Postgres is away'));
    const { requestCancel } = parts.ledger;
    parts.ledger.requestCancel = () => Promise.reject(new Error('Postgres is away'));
    parts.pause.meanwhile = () => {
      expect(parts.halts.isHalted([platform])).toBe(true);
      expect(wanted(open)).toBeNull();
      parts.halts.stored = async () => undefined;
      parts.ledger.requestCancel = requestCancel;
    };
    await halt.press();
    expect(wanted(open)).toBe('halt');
  });

  it('ends by a release that the gate says after it, also when the clock of the gate is behind', async () => {
    gateSince = Timestamp.plus(parts.clock.now(), -60 * second);
    await halt.press();
    const release = { scope: platform, state: 'active' as const, text: '' };
    await parts.halts.hear({ ...release, since: Timestamp.plus(gateSince, -1 * second) });
    expect(parts.halts.isHalted([platform])).toBe(true);
    await parts.halts.hear({ ...release, since: Timestamp.plus(gateSince, 1 * second) });
    expect(parts.halts.isHalted([platform])).toBe(false);
  });

  it('is tried no longer when the gate has said something newer', async () => {
    parts.pause.meanwhile = async () => {
      parts.clock.advance(1 * second);
      await parts.halts.hear({ scope: platform, state: 'active', text: '', since: parts.clock.now() });
    };
    await halt.press();
    expect(asked).toHaveLength(1);
  });

  it('that is heard of a scope cancels what opens there, and nothing of one that was released meanwhile', async () => {
    const handler = new TradingStateHandler(new ObeyTradingWord(parts.halts, parts.log, cancelOpening));
    const at = parts.clock.now();
    const meta = { eventId: EventId.of('e1'), causedBy: null, occurredAt: at, recordedAt: at };
    const heard = (scope: RiskScope) => handler.onChanged({ meta, scope, state: 'halted', text: '', level: 'cancel' });
    await heard(RiskScope.bot(BotId.of('bot_otherone')));
    expect(wanted(open)).toBeNull();
    const account = RiskScope.account(open.accountId);
    await parts.halts.hear({ scope: account, state: 'active', text: '', since: Timestamp.plus(at, second) });
    await heard(account);
    expect(wanted(open)).toBeNull();
    await heard(platform);
    expect(wanted(open)).toBe('halt');
  });
});
