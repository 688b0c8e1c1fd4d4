import { describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { aFeedStatus } from '@scalpstorm/testkit';
import { accountId, close, codeOf, gateScene, wish } from '../../test/gate-scene.js';
import { handlerScene } from '../../test/handler-scene.js';
import { readSessions } from '../domain/sessions.js';

describe('the gate opens nothing', () => {
  it('on an account that execution does not call reconciled', () => {
    const { gate } = gateScene();
    gate.noteReconciled(accountId, false);
    expect(codeOf(gate.judge(wish()))).toBe('ACCOUNT_NOT_RECONCILED');
    gate.noteReconciled(accountId, true);
    expect(codeOf(gate.judge(wish()))).toBe('APPROVED');
  });

  it('while the clock of the venue is too far off, less the error of the measurement', () => {
    const { gate, market, clock } = gateScene();
    const measured = (clockOffset: number, clockUncertainty: number) => {
      const telling = { recordedAt: clock.now(), heardAt: clock.now() };
      market.onStatus(aFeedStatus({ state: 'live', clockOffset, clockUncertainty }), telling);
      return codeOf(gate.judge(wish()));
    };
    expect(measured(-100_001, 0)).toBe('CLOCK_OFFSET');
    expect(measured(-100_001, 1)).toBe('APPROVED');
    expect(measured(160_000, 50_000)).toBe('CLOCK_OFFSET');
    expect(measured(100_000, 0)).toBe('APPROVED');
  });

  it('outside of the session of its venue', () => {
    const sessions = readSessions('sim=00:00-00:01') ?? new Map();
    const { gate, clock } = gateScene({}, { sessions });
    const day = 86_400 * second;
    clock.set(Timestamp.fromMicros(clock.now() - (clock.now() % day) + day + 60 * second));
    expect(codeOf(gate.judge(wish()))).toBe('SESSION_CLOSED');
    expect(codeOf(gateScene().gate.judge(wish()))).toBe('APPROVED');
  });
});

it('a request that comes too late is denied, and one that closes, too', async () => {
  const { request, verdicts, clock } = handlerScene();
  await request(wish(), clock.now());
  await request(close('0.01'), clock.now());
  expect(verdicts.denied).toEqual(['REQUEST_EXPIRED', 'REQUEST_EXPIRED']);
  await request(wish(), Timestamp.plus(clock.now(), 1));
  expect(verdicts.told).toEqual(['denied', 'denied', 'approved']);
});
