import { Timestamp } from '@scalpstorm/kernel';
import { ClientOrderId, Quantity } from '@scalpstorm/model';
import { quantityScale } from '../scalping-cycle/amounts.js';
import { held } from '../scalping-cycle/books.js';
import { heedsMarket as rungHeedsMarket, step as rungStep } from '../scalping-cycle/machine.js';
import type { ScalpingParameters } from '../scalping-cycle/parameters.js';
import { highestAverage, markOf } from '../scalping-cycle/pricing.js';
import { initialState, type MachineMode, type ScalpingState } from '../scalping-cycle/state.js';
import type { Effect, StrategyContext, StrategyEvent, StrategyStep } from '../sdk/strategy.js';
import { crossingOf } from './crossing.js';
import { gatheredOf } from './gathering.js';
import type { Ending, LadderState } from './state.js';
import { mergedWords, type RungWord } from './words.js';

/**
 * Several scalping cycles that trade as one bot. Rung k uses the cycle numbers k, k + stride, k + 2 × stride …: the client order id is a
 * function of bot, cycle, leg and attempt, so no two rungs ever ask under one id, and an order's slot tells whose it is. The stride
 * is a constant of the strategy and not the number of rungs, which a user may edit.
 */
export interface Ladder<Parameters> {
  /** Rungs at most. */
  readonly stride: number;
  rungs(parameters: Parameters): number;
  /**
   * The cycle of one rung. Rungs beyond the number that is wanted may still hold something: they sell it and buy nothing.
   * @param others all of them as they stand, its own state among them
   */
  rung(parameters: Parameters, index: number, others: readonly ScalpingState[]): ScalpingParameters;
  /** Why everything is to be closed now; null: it is not. Nothing ends it when absent. */
  ends?(parameters: Parameters, context: StrategyContext): Ending | null;
}

export function heedsMarket<P>(ladder: Ladder<P>, { rungs, ending }: LadderState, parameters: P): boolean {
  if (ladder.ends !== undefined && ending === null && rungs.some(isWorking)) return true;
  return rungs.some((rung, index) => rungHeedsMarket(rung, ladder.rung(parameters, index, rungs)));
}

export function stepLadder<P>(
  ladder: Ladder<P>,
  state: LadderState,
  heard: { readonly event: StrategyEvent; readonly context: StrategyContext; readonly parameters: P },
): StrategyStep<LadderState> {
  const climb = new Climb(ladder, state, heard.context, heard.parameters);
  climb.hear(heard.event);
  climb.cross();
  climb.endIfDue();
  climb.gather();
  return climb.result;
}

const working: ReadonlySet<MachineMode> = new Set(['running', 'pausing', 'paused']);
const isWorking = ({ mode }: ScalpingState): boolean => working.has(mode);
const atRest: ReadonlySet<MachineMode> = new Set(['stopped', 'finished', 'failed']);
const marketKinds: ReadonlySet<StrategyEvent['kind']> = new Set(['quote', 'trade', 'prediction']);

/** One step in the making. */
class Climb<P> {
  private readonly rungs: ScalpingState[];
  private readonly wakes: (number | null)[];
  private ending: LadderState['ending'];
  private readonly words: RungWord[] = [];
  private readonly effects: Effect[] = [];
  private woken = false;
  /** A flatten of some rung has come to its end in this step. */
  private isFlattened = false;

  constructor(
    private readonly ladder: Ladder<P>,
    private readonly before: LadderState,
    private readonly context: StrategyContext,
    private readonly parameters: P,
  ) {
    this.rungs = [...before.rungs];
    this.wakes = [...before.wakes];
    this.ending = before.ending;
  }

  get result(): StrategyStep<LadderState> {
    const { rungs, wakes, ending, before, context } = this;
    const said = mergedWords(this.words, { before: before.rungs, rungs, ending, instrument: context.instrument });
    const effects = [...this.effects, ...said, ...this.wakeUp()];
    const same =
      rungs.length === before.rungs.length &&
      rungs.every((rung, index) => rung === before.rungs[index]) &&
      wakes.every((wake, index) => wake === before.wakes[index]) &&
      ending === before.ending;
    return { state: same ? before : { format: 1, rungs, wakes, ending }, effects };
  }

  hear(event: StrategyEvent): void {
    switch (event.kind) {
      case 'order-changed':
        this.tellOwner(event.order.request.clientOrderId, event);
        return;
      case 'order-denied':
        this.tellOwner(event.clientOrderId, event);
        return;
      case 'started':
      case 'resumed':
        this.start(event);
        return;
      case 'reconfigured':
        this.reconfigure(event);
        return;
      case 'stop-asked':
        // Whoever stops it keeps what is left.
        this.ending = null;
        this.grow(this.wanted);
        this.tellAll(event);
        return;
      case 'flatten-asked':
        // What had ended it is over.
        if (this.rungs.every(({ mode }) => atRest.has(mode))) this.ending = null;
        this.grow(this.wanted);
        this.tellAll(event);
        return;
      case 'paused':
      case 'restored':
        this.grow(this.wanted);
        this.tellAll(event);
        return;
      default:
        this.tellAll(event);
    }
  }

  /** What one rung sold of what another holds is taken off the other; see `crossing.ts`. Ends: each turn leaves one with nothing. */
  cross(): void {
    const { instrument } = this.context;
    for (let turn = 0; turn < 2 * this.ladder.stride; turn += 1) {
      const crossing = crossingOf(this.rungs, instrument);
      if (crossing === null) return;
      const { short, long, base, states } = crossing;
      [this.rungs[short], this.rungs[long]] = states;
      const quantity = Quantity.format(Quantity.fromUnits(base / quantityScale));
      const text = `Rung ${short + 1} sold ${quantity} ${instrument.base} that rung ${long + 1} holds; taken off there.`;
      const data = { quantity, short: short + 1, long: long + 1 };
      this.effects.push({ kind: 'log', level: 'WARNING', code: 'RUNGS_CROSSED', text, data });
      for (const index of [short, long]) this.tell(index, { kind: 'tick' });
    }
  }

  /** Everything is closed when the strategy says so, once; nothing takes it back until all is closed. */
  endIfDue(): void {
    if (this.ending !== null || !this.rungs.some(isWorking)) return;
    const ending = this.ladder.ends?.(this.parameters, this.context) ?? null;
    if (ending === null) return;
    const { code, text, milestone } = ending;
    this.ending = { code, text, milestone };
    const level = milestone === 'finished' ? 'INFO' : 'WARNING';
    this.effects.push({ kind: 'log', level, code, text, data: {} });
    this.tellAll({ kind: 'flatten-asked' });
  }

  /** What a flatten has left with the rungs, each too little for an order, is closed as one; see `gathering.ts`. */
  gather(): void {
    if (!this.isFlattened || !this.rungs.every(({ mode }) => atRest.has(mode))) return;
    const { instrument } = this.context;
    const gathered = gatheredOf(this.rungs, instrument, highestAverage(markOf(this.context, 'sell')));
    if (gathered === null) return;
    const { into, from, states } = gathered;
    this.rungs.splice(0, this.rungs.length, ...states);
    const [count, quantity] = [from.length + 1, Quantity.format(held((states[into] as ScalpingState).books))];
    const text = `What ${count} rungs hold is too little for an order of each, and is closed as one: ${quantity} ${instrument.base}.`;
    this.effects.push({ kind: 'log', level: 'INFO', code: 'RUNGS_GATHERED', text, data: { quantity, rungs: count } });
    for (const index of from) this.tell(index, { kind: 'tick' });
    this.tell(into, { kind: 'flatten-asked' });
  }

  private get wanted(): number {
    return this.ladder.rungs(this.parameters);
  }

  private start(event: StrategyEvent): void {
    this.grow(this.wanted);
    const closing = this.ending !== null && this.rungs.some(({ mode }) => !atRest.has(mode));
    // Told again what is wanted of it, as after a restart: what is being closed is closed first.
    if (closing) return;
    this.ending = null;
    this.tellAll(event);
  }

  private reconfigure(event: StrategyEvent): void {
    const known = this.rungs.length;
    const runs = this.ending === null && this.rungs.some(({ mode }) => mode === 'running');
    this.grow(this.wanted);
    this.tellAll(event);
    if (!runs) return;
    for (let index = known; index < this.rungs.length; index += 1) this.tell(index, { kind: 'started' });
  }

  private grow(count: number): void {
    while (this.rungs.length < count) {
      this.rungs.push({ ...initialState, cycle: this.rungs.length });
      this.wakes.push(null);
    }
  }

  private tellOwner(id: ClientOrderId, event: StrategyEvent): void {
    const slot = ClientOrderId.slotOf(id);
    if (slot === null || slot.botId !== this.context.botId) return;
    const index = slot.cycle % this.ladder.stride;
    this.grow(index + 1);
    this.tell(index, event);
    // What it gave up may make room for others.
    this.tellWaiting(index);
  }

  /** From the last to the first: of levels that may be bought at, the one nearest below the market has the say. */
  private tellAll(event: StrategyEvent): void {
    for (let index = this.rungs.length - 1; index >= 0; index -= 1) this.tell(index, event);
  }

  /** Those that wait for their turn look again; as at a price, which changes nothing for all others. */
  private tellWaiting(besides: number): void {
    const { quote } = this.context;
    if (quote === null) return;
    for (let index = this.rungs.length - 1; index >= 0; index -= 1) {
      if (index !== besides) this.tell(index, { kind: 'quote', quote });
    }
  }

  private tell(index: number, event: StrategyEvent): void {
    const state = this.rungs[index];
    if (state === undefined) return;
    const parameters = this.ladder.rung(this.parameters, index, this.rungs);
    if (marketKinds.has(event.kind) && !rungHeedsMarket(state, parameters)) return;
    const { state: next, effects } = rungStep(state, event, this.context, parameters);
    this.rungs[index] = next;
    const flattens = state.mode === 'flattening' || event.kind === 'flatten-asked';
    this.isFlattened ||= flattens && next.mode === 'stopped';
    this.noteWake(index, effects);
    for (const effect of effects) {
      if (effect.kind === 'reached' || effect.kind === 'log') this.words.push({ index, effect });
      else if (effect.kind !== 'wait-until') this.effects.push(effect);
    }
    if (effects.some((effect) => effect.kind === 'reached' && effect.milestone === 'auto-stopped'))
      this.stopAllBut(index);
  }

  /** Whoever cancels one order by hand wants the bot to stop, and not a hole in its ladder. */
  private stopAllBut(index: number): void {
    for (let other = this.rungs.length - 1; other >= 0; other -= 1) {
      if (other !== index) this.tell(other, { kind: 'stop-asked', reason: 'stop' });
    }
  }

  private noteWake(index: number, effects: readonly Effect[]): void {
    const { now } = this.context;
    const asked = effects.findLast((effect) => effect.kind === 'wait-until');
    const due = this.wakes[index] ?? null;
    if (asked !== undefined) this.wakes[index] = asked.at;
    else if (due !== null && due <= now) this.wakes[index] = null;
    if (this.wakes[index] !== due) this.woken = true;
  }

  private wakeUp(): readonly Effect[] {
    const times = this.wakes.filter((wake) => wake !== null);
    if (!this.woken || times.length === 0) return [];
    return [{ kind: 'wait-until', at: Timestamp.fromMicros(Math.min(...times)) }];
  }
}
