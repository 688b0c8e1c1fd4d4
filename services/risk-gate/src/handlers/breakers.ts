import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Refusal } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { isStricter, RiskScope, type TradingState } from '@scalpstorm/model';
import { Log, Metrics, WallClock } from '@scalpstorm/observability';
import { breakerNames } from '../domain/breaker-names.js';
import { breakerSpeaker, isOperators } from '../domain/state-words.js';
import { GateLease } from '../ports/gate-lease.js';
import { type CurrentState, TradingStates } from '../ports/trading-states.js';
import { type KeptTrip, type Tripped, Trips } from '../ports/trips.js';
import { Patience } from './patience.js';

const everyMs = 1_000;

type Origin = KeptTrip['before'];

/**
 * Sets the trading state of whatever a breaker trips, and takes it back when its time is over. A word that somebody has said since stands. What
 * is as strict already stays as it is, and is not taken back.
 */
@Injectable()
export class Breakers implements OnApplicationShutdown {
  private readonly tripped;
  private readonly patience: Patience;
  private readonly running = new Map<string, Promise<unknown>>();
  /** What holds and could not be written yet; at most one of a scope. */
  private readonly unwritten = new Map<string, { readonly found: Tripped; readonly origin: Origin }>();
  private timer: NodeJS.Timeout | null = null;
  private busy = false;

  constructor(
    private readonly states: TradingStates,
    private readonly trips: Trips,
    private readonly lease: GateLease,
    private readonly clock: WallClock,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.patience = new Patience(log, 'what a breaker holds could not be released; the next round tries again');
    this.tripped = metrics.counter({
      name: 'risk_breaker_trips_total',
      help: 'Circuit breakers that tripped.',
      labels: ['breaker'],
    });
    for (const breaker of breakerNames) this.tripped.inc({ breaker }, 0);
  }

  load(): Promise<void> {
    return this.trips.load();
  }

  start(): void {
    this.timer = setInterval(() => void this.round(), everyMs);
  }

  /** False before what holds was read: what is said then might overwrite it. */
  get isRunning(): boolean {
    return this.timer !== null && this.lease.isHeld;
  }

  isHeld(scope: RiskScope): boolean {
    return this.states.own(scope).state !== 'active';
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /**
   * Holds from the call on, and is durable when it resolves. Tripping what is tripped makes it stay for longer. What could not be written is
   * held all the same, and is written when it trips again or in the next round.
   */
  trip(found: Tripped): Promise<void> {
    return this.inTurn(found.scope, () => this.hold(found));
  }

  /** One after the other of a scope, so that the trip that is kept is that of the word that stands; the first begins before anything is waited for. */
  private async inTurn<Value>(scope: RiskScope, work: () => Promise<Value>): Promise<Value> {
    const key = RiskScope.format(scope);
    const running = this.running.get(key);
    const next = running === undefined ? work() : running.catch(() => undefined).then(work);
    this.running.set(key, next);
    try {
      return await next;
    } finally {
      if (this.running.get(key) === next) this.running.delete(key);
    }
  }

  private async hold(found: Tripped): Promise<void> {
    const { scope, ownerId, breaker, state, limit, value, until, needsPerson } = found;
    const key = RiskScope.format(scope);
    const before = this.states.own(scope);
    const known = this.heldBy(before);
    const begun = known === null ? this.begun(key, before) : null;
    const isNew = isStricter(state, before.state);
    if (known === null && begun === null && !isNew) {
      this.unwritten.delete(key);
      return;
    }
    const origin = known?.before ?? begun ?? originOf(before);
    this.unwritten.set(key, { found, origin });
    const text = textOf(found.text, until, needsPerson);
    const word = { scope, ownerId, text, by: `${breakerSpeaker}${breaker}`, operator: false };
    // What an operator has held back stays an operator's: or its owner would make the breaker's word milder, and the operator's with it.
    const says = { ...word, state: isNew ? state : before.state, operator: isOperators(word, before) };
    const longest = known === null || until > known.until ? until : known.until;
    const trip = {
      ...{ scope, breaker, limit, value, until: longest },
      needsPerson: needsPerson || known?.needsPerson === true,
      before: origin,
    };
    const { since } = isNew || begun !== null ? await this.states.set(says, trip) : before;
    if (since === null) return;
    // Written with the word already, when there was one; known from here on.
    await this.trips.keep({ ...trip, since });
    this.unwritten.delete(key);
    if (known !== null && !isNew) return;
    this.tripped.inc({ breaker });
    this.log.warn({ scope: `${scope.kind} ${scope.id}`, breaker, limit, value, until }, 'a breaker has tripped');
  }

  /** What stood before a word of a breaker of which no trip is kept: writing it failed, or an older gate died between the two. Null: it is none. */
  private begun(key: string, { state, by }: CurrentState): Origin | null {
    if (state === 'active' || !by.startsWith(breakerSpeaker)) return null;
    return this.unwritten.get(key)?.origin ?? { state: 'active', text: '', by: '', operator: false };
  }

  /**
   * Why a word that makes it milder is too early; null when it is not. Operators may say it at any time. Whoever says the same as a breaker, and
   * takes that back, is not earlier than the breaker.
   */
  objectionTo(word: {
    readonly scope: RiskScope;
    readonly state: TradingState;
    readonly operator: boolean;
  }): Refusal | null {
    const current = this.states.own(word.scope);
    const trip = this.trips.of(word.scope);
    if (trip === null || word.operator || !isStricter(current.state, word.state)) return null;
    if (trip.until <= this.clock.now()) return null;
    const until = Timestamp.toIso(trip.until);
    return {
      code: 'COOL_DOWN_NOT_OVER',
      field: '/state',
      text: `The breaker ${trip.breaker} holds it until ${until}: ${trip.value} of at most ${trip.limit}.`,
      allowed: `after ${until}`,
      next: 'Wait until then, or ask somebody of role risk or admin.',
    };
  }

  /**
   * Somebody makes it milder, who may: `say` says so, or not, in turn with what trips. What had tripped then holds nobody any more; what trips
   * meanwhile holds after it.
   */
  async overruled<Value>(scope: RiskScope, say: () => Promise<Value>): Promise<Value> {
    const { said, over } = await this.inTurn(scope, async () => {
      const before = this.states.own(scope);
      const trip = this.trips.of(scope);
      const said = await say();
      const isMilder = isStricter(before.state, this.states.own(scope).state);
      if (isMilder) this.unwritten.delete(RiskScope.format(scope));
      return { said, over: isMilder ? trip : null };
    });
    if (over !== null) await this.trips.end(over);
    return said;
  }

  async round(): Promise<void> {
    if (this.busy || !this.lease.isHeld) return;
    this.busy = true;
    try {
      for (const [key, one] of [...this.unwritten]) {
        // Overruled while it waited for its turn, it is to be written no more.
        const again = async () => (this.unwritten.get(key) === one ? this.hold(one.found) : undefined);
        await this.inTurn(one.found.scope, again);
      }
      for (const trip of this.trips.due(this.clock.now())) await this.release(trip);
      this.patience.succeeded();
    } catch (error) {
      this.patience.failed(error);
    } finally {
      this.busy = false;
    }
  }

  private async release({ scope }: KeptTrip): Promise<void> {
    const over = await this.inTurn(scope, async () => {
      const trip = this.trips.of(scope);
      // It tripped again while this waited for its turn.
      if (trip === null || trip.until > this.clock.now()) return null;
      const current = this.states.own(scope);
      if (this.heldBy(current) === null) return trip;
      if (trip.needsPerson) return null;
      const { ownerId = null } = current;
      const text = { text: 'the cool-down is over', by: `${breakerSpeaker}${trip.breaker}`, operator: false };
      await this.states.set({ scope, ownerId, ...trip.before, ...(trip.before.state === 'active' ? text : {}) });
      return trip;
    });
    // Not in turn: what trips now holds at once.
    if (over !== null) await this.trips.end(over);
  }

  /** The trip that has said it; null: somebody else has. */
  private heldBy({ scope, since, state }: CurrentState): KeptTrip | null {
    const trip = this.trips.of(scope);
    return trip !== null && state !== 'active' && trip.since === since ? trip : null;
  }
}

const originOf = ({ state, text, by, operator }: CurrentState): Origin => ({ state, text, by, operator });

const textOf = (text: string, until: Timestamp, needsPerson: boolean): string =>
  needsPerson ? `${text}; a person releases it` : `${text}; until ${Timestamp.toIso(until)}`;
