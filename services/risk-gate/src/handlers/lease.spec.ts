import { expect, it } from '@jest/globals';
import { checks } from '@scalpstorm/engine';
import { EventId, Quantity } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { close, codeOf, gateScene, orderOf, wish } from '../../test/gate-scene.js';
import { GateLease } from '../ports/gate-lease.js';
import { Verdicts } from '../ports/verdicts.js';
import { OrderChangedHandler } from './order-changed.handler.js';
import { OrderRequestedHandler } from './order-requested.handler.js';

class SwitchedLease extends GateLease {
  isHeld = true;
  take = async () => null;
  release = async () => undefined;
}

/** Tells everything, remembers nothing; may lose the lease while it looks something up. */
class ToldVerdicts extends Verdicts {
  readonly told: string[] = [];
  lookingUp: () => void = () => undefined;
  load = async () => undefined;
  find = async () => {
    this.lookingUp();
    return null;
  };
  tell: Verdicts['tell'] = async (_order, verdict) => {
    this.told.push(verdict.kind);
    return verdict;
  };
  tellAgain = async () => undefined;
  drain = async () => undefined;
  prune = async () => 0;
}

function scene() {
  const { gate, instruments, clock } = gateScene();
  const lease = new SwitchedLease();
  const verdicts = new ToldVerdicts();
  const [log, metrics] = [new RecordingLog(), new Metrics('risk-gate')];
  const requests = new OrderRequestedHandler(gate, verdicts, instruments, lease, log, metrics);
  const changes = new OrderChangedHandler(gate, instruments, lease);
  const eventId = EventId.of('00000000-0000-7000-8000-000000000001');
  const meta = { eventId, causedBy: null, occurredAt: clock.now(), recordedAt: clock.now() };
  const request = () => requests.handle({ meta, order: wish(), ask: 0, marketAt: null });
  return { gate, lease, verdicts, changes, meta, clock, request, metrics };
}

it('a gate without the lease approves nothing and denies nothing: whoever has it will hear the request', async () => {
  const { lease, verdicts, request } = scene();
  expect((await request()).kind).toBe('done');
  lease.isHeld = false;
  expect((await request()).kind).toBe('retry');
  expect(verdicts.told).toEqual(['approved']);
});

it('a lease that is lost while a verdict is looked up stops the judgement', async () => {
  const { gate, lease, verdicts, request } = scene();
  verdicts.lookingUp = () => {
    lease.isHeld = false;
  };
  expect((await request()).kind).toBe('retry');
  expect(verdicts.told).toEqual([]);
  expect(gate.dueReservations(10)).toEqual([]);
});

it('what became of an order is left to whoever has the lease', async () => {
  const { gate, lease, changes, meta, clock } = scene();
  const request = wish({ quantity: Quantity.of('0.01') });
  const times = { createdAt: clock.now(), updatedAt: clock.now() };
  const order = orderOf(request, { status: 'filled', version: 3, filledQuantity: request.quantity, ...times });
  const change = { meta, order, event: { kind: 'submitted' } } as const;
  lease.isHeld = false;
  expect((await changes.handle(change)).kind).toBe('retry');
  expect(codeOf(gate.judge(close('0.01')))).toBe('EXCEEDS_POSITION');
  lease.isHeld = true;
  expect((await changes.handle(change)).kind).toBe('done');
  expect(codeOf(gate.judge(close('0.01')))).toBe('APPROVED');
});

it('verdicts are counted by their code, and every code that there is begins at 0', async () => {
  const { metrics, request } = scene();
  const count = async (kind: string, code: string): Promise<string | undefined> => {
    const start = `scalpstorm_risk_verdicts_total{kind="${kind}",code="${code}"`;
    const line = (await metrics.registry.metrics()).split('\n').find((one) => one.startsWith(start));
    return line?.split(' ').at(-1);
  };
  const codes = checks.flatMap(({ refusals }) => refusals.map(({ code }) => code));
  expect(codes).toContain('MARKET_DATA_STALE');
  for (const code of codes) expect([code, await count('denied', code)]).toEqual([code, '0']);
  expect(await count('approved', 'NONE')).toBe('0');
  await request();
  expect(await count('approved', 'NONE')).toBe('1');
});
