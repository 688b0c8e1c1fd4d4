import type { Timestamp } from '@scalpstorm/kernel';
import { EventId, UserId } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { Breakers } from '../src/handlers/breakers.js';
import { OrderChangedHandler } from '../src/handlers/order-changed.handler.js';
import { OrderRequestedHandler } from '../src/handlers/order-requested.handler.js';
import { RiskQuestionHandler } from '../src/handlers/risk-question.handler.js';
import { WatchDeadMen } from '../src/handlers/watch-dead-men.js';
import { GateLease } from '../src/ports/gate-lease.js';
import { Limits } from '../src/ports/limits.js';
import { Verdicts } from '../src/ports/verdicts.js';
import { gateScene, orderOf, wish } from './gate-scene.js';
import { MemoryDeadMen } from './memory-dead-men.js';
import { MemoryTrips } from './memory-states.js';

export class SwitchedLease extends GateLease {
  isHeld = true;
  take = async () => null;
  release = async () => undefined;
}

/** Tells everything, remembers nothing; may lose the lease while it looks something up. */
export class ToldVerdicts extends Verdicts {
  readonly told: string[] = [];
  readonly denied: string[] = [];
  lookingUp: () => void = () => undefined;
  load = async () => undefined;
  find = async () => {
    this.lookingUp();
    return null;
  };
  tell: Verdicts['tell'] = async (_order, verdict) => {
    this.told.push(verdict.kind);
    if (verdict.kind === 'denied') this.denied.push(verdict.denial.code);
    return verdict;
  };
  tellAgain = async () => undefined;
  drain = async () => undefined;
  prune = async () => 0;
}

/** Nobody asks about limits in these scenes. */
class UnaskedLimits extends Limits {
  load = async () => undefined;
  of = () => this.unasked();
  within = () => this.unasked();
  own = () => this.unasked();
  set = async () => this.unasked();
  private unasked(): never {
    throw new Error('nobody asks about limits here');
  }
}

/** The two handlers of the order lane around one gate, and that of its questions. */
export function handlerScene() {
  const { gate, instruments, clock, states } = gateScene();
  const lease = new SwitchedLease();
  const verdicts = new ToldVerdicts();
  const [log, metrics] = [new RecordingLog(), new Metrics('risk-gate')];
  const requests = new OrderRequestedHandler(gate, verdicts, instruments, lease, clock, log, metrics);
  const changes = new OrderChangedHandler(gate, instruments, lease);
  const breakers = new Breakers(states, new MemoryTrips(), lease, clock, log, metrics);
  const deadMen = new WatchDeadMen(new MemoryDeadMen(), states, lease, clock, log);
  const questions = new RiskQuestionHandler(states, new UnaskedLimits(), breakers, lease, log, metrics, deadMen, {
    objectionTo: async () => null,
  });
  const ask = (kind: 'halt' | 'release' | 'state') =>
    questions.answer({ kind, commandId: 'c', userId: UserId.of('user_1'), text: '' });
  const eventId = EventId.of('00000000-0000-7000-8000-000000000001');
  const meta = { eventId, causedBy: null, occurredAt: clock.now(), recordedAt: clock.now() };
  const request = (order = wish(), validUntil?: Timestamp) =>
    requests.handle({ meta, order, ask: 0, marketAt: null, validUntil });
  /** What became of this order: all of it was filled. */
  const filled = (order = wish()) => {
    const times = { createdAt: clock.now(), updatedAt: clock.now() };
    const after = orderOf(order, { status: 'filled', version: 3, filledQuantity: order.quantity, ...times });
    return changes.handle({ meta, order: after, event: { kind: 'submitted' } });
  };
  return { gate, lease, clock, verdicts, request, filled, ask, metrics };
}
