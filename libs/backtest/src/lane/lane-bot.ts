import { assert, Timestamp } from '@scalpstorm/kernel';
import {
  AccountId,
  BotId,
  type Candle,
  type Cycle,
  type JsonObject,
  type OrderRequest,
  type Reason,
  type Timeframe,
  UserId,
} from '@scalpstorm/model';
import {
  type Atr,
  atrAfter,
  atrValue,
  type ConfiguredStrategy,
  type Effect,
  emptyAtr,
  emptyVwap,
  type Milestone,
  type StrategyContext,
  type StrategyEvent,
  type Vwap,
  vwapAfter,
  vwapAt,
  type WantedOrder,
} from '@scalpstorm/strategies';
import type { Account } from './account.js';
import type { LaneBotPlan, LaneBounds } from './lane-options.js';
import type { SeatedBot } from './seat-bots.js';
import { StrategyStopped } from './strategy-stopped.js';
import type { ToldMarket } from './told-market.js';

export const laneUser = UserId.of('backtest');
export const laneAccount = AccountId.of('backtest');

/** How long a strategy is left alone at most while its market moves, as live. */
const tickEvery = 5_000_000;
/** Steps between two rows of data, however far apart: a bot that wakes itself all the time is one that loops. */
const stepsBetweenRowsFactor = 100;
/** What the code of a rule does wrong. Live such a bot ends in error; here nothing is made of its run. */
const faultsOfRules: ReadonlySet<string> = new Set(['ASKS_FOR_TOMORROW', 'STRATEGY_LOOPS', 'STRATEGY_THREW']);

/** What a bot wants done: told in the order in which it said it. */
export interface BotEar {
  place(bot: LaneBot, request: OrderRequest): void;
  cancel(bot: LaneBot, effect: Extract<Effect, { kind: 'cancel' }>): void;
  wake(bot: LaneBot, at: Timestamp): void;
}

/** A bot of the run: its strategy's state, and what it is told. */
export class LaneBot {
  readonly id: BotId;
  readonly plan: LaneBotPlan;
  readonly cycles: Cycle[] = [];
  /** How often it said what, of what a person would want to know. */
  readonly notes = new Map<string, { count: number; readonly text: string }>();
  arrived: { readonly milestone: Milestone; readonly reason: Reason } | null = null;
  wakeAt: number | null = null;
  /** All that its strategy was asked. */
  steps = 0;
  private bars: readonly Candle[] | null = null;
  private readonly configured: ConfiguredStrategy;
  private state: JsonObject;
  private isStarted = false;
  private lastTick = 0;
  private heardVersion = 0;
  private heardPrints = 0;
  private vwap: Vwap | null;
  private atr: Atr | null;
  private stepsHere = 0;
  private stepsSinceRow = 0;
  private now = 0;

  constructor(
    index: number,
    { plan, configured }: Pick<SeatedBot, 'plan' | 'configured'>,
    readonly told: ToldMarket,
    private readonly parts: { readonly account: Account; readonly ear: BotEar; readonly bounds: LaneBounds },
  ) {
    this.plan = plan;
    this.configured = configured;
    this.id = BotId.of(`bot_${(index + 1).toString(36).padStart(8, '0')}`);
    this.state = configured.init();
    const { vwapWindow, atr } = configured.measures;
    this.vwap = vwapWindow === null ? null : emptyVwap(vwapWindow);
    this.atr = atr === null ? null : emptyAtr(atr);
  }

  /** The market it has been told of is not what it was. */
  hearMarket(now: number): void {
    const { told } = this;
    this.stepsSinceRow = 0;
    if (told.version === this.heardVersion) return;
    this.heardVersion = told.version;
    const isPrint = told.prints !== this.heardPrints;
    this.heardPrints = told.prints;
    if (isPrint) this.measure();
    if (!this.isStarted) this.start(now);
    if (now - this.lastTick >= tickEvery) this.tick(now);
    if (isPrint && this.heeds) this.stepOn(told.trade === null ? null : { kind: 'trade', trade: told.trade }, now);
    if (this.heeds) this.stepOn(told.quote === null ? null : { kind: 'quote', quote: told.quote }, now);
  }

  /** A bar of the timeframe that it wants is over. */
  hearBars(bars: readonly Candle[], now: number): void {
    this.bars = bars;
    if (this.isStarted) this.step({ kind: 'bar' }, now);
  }

  get barsWanted(): Timeframe | null {
    return this.configured.measures.bars ?? null;
  }

  hearOrder(event: Extract<StrategyEvent, { kind: 'order-changed' | 'order-denied' }>, now: number): void {
    this.step(event, now);
  }

  /** The time that it asked to be woken at; another one may have taken its place. */
  wake(at: number, now: number): void {
    if (this.wakeAt !== at) return;
    this.wakeAt = null;
    this.tick(now);
  }

  private get heeds(): boolean {
    return this.configured.heedsMarket(this.state);
  }

  private start(now: number): void {
    this.isStarted = true;
    this.lastTick = now;
    this.step({ kind: 'started' }, now);
  }

  private tick(now: number): void {
    this.lastTick = now;
    this.step({ kind: 'tick' }, now);
  }

  private stepOn(event: StrategyEvent | null, now: number): void {
    if (event !== null) this.step(event, now);
  }

  private step(event: StrategyEvent, now: number): void {
    this.count(now);
    const context = this.context(now);
    const { state, effects } = this.guarded(() => this.configured.step(this.state, event, context));
    this.state = state;
    if (effects.length > this.parts.bounds.effectsMax) throw this.loops(`${effects.length} effects in one step`);
    for (const effect of effects) this.carry(effect);
  }

  /** What a strategy throws is its own. */
  private guarded<Value>(run: () => Value): Value {
    try {
      return run();
    } catch (error) {
      throw this.stopped('STRATEGY_THREW', error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    }
  }

  private stopped(code: string, text: string): StrategyStopped {
    return new StrategyStopped({
      code,
      text: `${this.name} at ${Timestamp.toIso(Timestamp.fromMicros(this.now))}: ${text}`,
      next: 'Mend the strategy; nothing was made of the run.',
    });
  }

  private count(now: number): void {
    const { stepsMax } = this.parts.bounds;
    this.stepsHere = now === this.now ? this.stepsHere + 1 : 1;
    this.stepsSinceRow += 1;
    this.steps += 1;
    this.now = now;
    if (this.stepsHere > stepsMax) throw this.loops(`${stepsMax} steps at one moment`);
    const most = stepsMax * stepsBetweenRowsFactor;
    if (this.stepsSinceRow > most) throw this.loops(`${most} steps between two rows of data`);
  }

  private loops(what: string): StrategyStopped {
    return new StrategyStopped({
      code: 'STRATEGY_LOOPS',
      text: `${this.name} at ${Timestamp.toIso(Timestamp.fromMicros(this.now))}: ${what}.`,
      next: 'Mend the strategy: each step must wait for something that has not happened yet.',
    });
  }

  private get name(): string {
    return `${this.plan.strategy} on ${this.plan.symbol} (${this.id})`;
  }

  private context(now: number): StrategyContext {
    const { told, configured, parts } = this;
    const { instrument } = told.listing;
    const at = Timestamp.fromMicros(now);
    return {
      botId: this.id,
      mode: 'backtest',
      instrument,
      now: at,
      quote: told.quote,
      trade: told.trade,
      vwap: this.vwap === null ? null : vwapAt(this.vwap, at),
      atr: this.atr === null ? null : atrValue(this.atr),
      prediction: null,
      bars: this.bars,
      funds: configured.measures.funds === true ? parts.account.pair(instrument) : null,
      position: null,
    };
  }

  private measure(): void {
    const { vwap, atr } = this;
    if (vwap === null && atr === null) return;
    const { trade } = this.told;
    assert(trade !== null, 'a print without a trade');
    if (vwap !== null) this.vwap = vwapAfter(vwap, trade);
    if (atr !== null) this.atr = atrAfter(atr, trade);
  }

  private carry(effect: Effect): void {
    const { ear } = this.parts;
    switch (effect.kind) {
      case 'place':
        ear.place(this, this.requestOf(effect.order));
        return;
      case 'cancel':
        ear.cancel(this, effect);
        return;
      case 'cycle-completed':
        this.cycles.push(effect.cycle);
        return;
      case 'wait-until':
        this.wakeAt = effect.at;
        ear.wake(this, effect.at);
        return;
      case 'reached':
        this.arrived = { milestone: effect.milestone, reason: effect.reason };
        return;
      case 'log':
        if (faultsOfRules.has(effect.code)) throw this.stopped(effect.code, String(effect.data['fault']));
        if (effect.level === 'WARNING' || effect.level === 'ERROR') this.note(effect.code, effect.text);
    }
  }

  private requestOf({ slot: _slot, ...order }: WantedOrder): OrderRequest {
    const instrumentId = this.told.listing.instrument.id;
    return { ...order, userId: laneUser, botId: this.id, accountId: laneAccount, mode: 'backtest', instrumentId };
  }

  private note(code: string, text: string): void {
    const known = this.notes.get(code);
    if (known === undefined) this.notes.set(code, { count: 1, text });
    else known.count += 1;
  }
}
