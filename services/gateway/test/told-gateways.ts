import { Bus } from '@scalpstorm/bus';
import { type Contract, type LiveChanged, liveChanged } from '@scalpstorm/contracts';
import type { UserId } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { LiveTells } from '../src/handlers/stream/live-tells.js';
import { TradingStates } from '../src/handlers/stream/trading-states.js';
import type { ReadModel } from '../src/ports/read-model.js';
import { StreamWorld } from './stream-world.js';

/** What gateways say to one another: everybody hears everything, themselves too, unless it is lost. */
export class Air {
  readonly gateways: ToldGateway[] = [];
  readonly said: LiveChanged[] = [];
  isLosing = false;

  carry(bytes: Uint8Array): void {
    this.said.push(liveChanged.decode(bytes));
    if (this.isLosing) return;
    for (const { tells } of this.gateways) tells.hear(liveChanged.decode(bytes));
  }

  /** What was said with a change, and not only to be there. */
  changes(): readonly LiveChanged[] {
    return this.said.filter(({ change }) => change !== null);
  }
}

class AirBus extends Bus {
  readonly state = 'connected';
  readonly reconnects = 0;

  constructor(private readonly air: Air) {
    super();
  }

  publish<E>(contract: Contract<E>, event: E): void {
    this.air.carry(contract.encode(event));
  }
  send(): Promise<never> {
    throw new Error('gateways tell one another nothing that a stream keeps');
  }
  ask(): Promise<never> {
    throw new Error('gateways ask one another nothing');
  }
}

class FakeStates {
  failing = false;
  readonly reads: UserId[] = [];
  async tradingState(userId: UserId) {
    this.reads.push(userId);
    if (this.failing) throw new Error('no database');
    return { state: 'halted', text: `of ${userId}`, since: null };
  }
}

/** The streams of one gateway among others, without a server. */
export class ToldGateway extends StreamWorld {
  readonly states = new FakeStates();
  readonly metrics = new Metrics('gateway');
  readonly tells: LiveTells;

  constructor(air: Air) {
    super();
    const log = new RecordingLog();
    const states = new TradingStates(this.hub, this.states as unknown as ReadModel, log);
    this.tells = new LiveTells(new AirBus(air), this.hub, states, this.clock, log, this.metrics);
    air.gateways.push(this);
  }

  /** How often all streams had to look anew. */
  async renewals(): Promise<number> {
    const text = await this.metrics.registry.metrics();
    return Number(/^scalpstorm_stream_renewals_total\S* (\d+)$/m.exec(text)?.[1]);
  }
}
