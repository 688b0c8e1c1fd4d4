import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import type { VenueId } from '@scalpstorm/model';
import { type CircuitState, type ClockOffset, clockComplaint } from '@scalpstorm/venue-api';
import { type CcxtBinance, VenueAnswer } from './ccxt-binance.js';
import { joinCircuit } from './circuits.js';
import { isVenueFailure, type RequestFailure } from './failure.js';
import { fieldsOf, time } from './fields.js';
import type { ResolvedOptions } from './options.js';
import { queryError, RequestFailed } from './query-error.js';
import { QuestionSlots } from './question-slots.js';
import type { Priority, RateLimit } from './rate-budget.js';
import { pauseOf, rateUsesOf } from './rate-headers.js';
import {
  blindText,
  circuitText,
  isBetter,
  isClockSkew,
  lateObjection,
  pause,
  readAnswer,
  transportFailure,
  withheld,
} from './request-ends.js';
import type { RestCall } from './rest-call.js';
import { SharedBudget } from './shared-budget.js';

type Wanted = Pick<RestCall<unknown>, 'cost' | 'priority' | 'ifSpare' | 'signal'>;

/** Reads of the public interface at a time: a process that has no time to read their answers, a thousand rows each, would hold them all. */
export const readsMax = 8;
const clockSamples = 3;
/** As long as it takes until tokens that are there are lent: then nobody waits for them. */
const spareWaitMax: Micros = 5_000;
const tooManyRequestsCode = -1003;
const tooManyOrdersCode = -1015;

/** Requests under the budget of all our clients, with our own clock offset; nothing that changes something is ever sent twice. */
export class BinanceRest {
  private readonly budget: SharedBudget;
  private readonly line: ReturnType<typeof joinCircuit>;
  private measured: ClockOffset | null = null;
  private readonly closing = new AbortController();
  private readonly slots: QuestionSlots | null;

  constructor(
    private readonly exchange: CcxtBinance,
    private readonly options: ResolvedOptions,
    /** Null: the public interface only. */
    apiKey: string | null = null,
  ) {
    const { addresses, clock, ledger, rateLimits } = options;
    this.slots = apiKey === null ? new QuestionSlots(readsMax) : null;
    this.budget = new SharedBudget({ rest: addresses.rest, apiKey, ledger }, clock);
    if (rateLimits !== null) this.budget.adopt(rateLimits);
    exchange.onHeaders = (headers) => this.budget.heard(rateUsesOf(headers));
    this.line = joinCircuit(options, (state, why) => {
      options.onNotice({ code: 'CIRCUIT_CHANGED', text: `the circuit breaker is ${state}: ${why}` });
    });
  }

  get venue(): VenueId {
    return this.options.venue;
  }

  get circuit(): CircuitState {
    return this.line.breaker.state;
  }

  get clockOffset(): ClockOffset | null {
    return this.measured;
  }

  /** What the venue publishes about its limits; our own setting outranks it. */
  adoptLimits(limits: readonly RateLimit[]): void {
    this.budget.adopt(this.options.rateLimits ?? limits);
  }

  /** For how long nothing may leave to the address: it holds for connections to its websocket API, too. */
  heldBack(): Micros {
    return this.budget.heldBack();
  }

  /** Refused over the websocket API, which counts together with us. `retryAt`: by the venue's clock; null where it named none. */
  refusedElsewhere(text: string, retryAt: Timestamp | null): void {
    const named = retryAt === null ? pauseOf(null, text, this.venueTime()) : Math.max(0, retryAt - this.venueTime());
    this.budget.pause(named, 'everything');
    this.options.onNotice({ code: 'RATE_LIMITED', text: `websocket API: ${text}` });
  }

  /** Our estimate of the venue's time. */
  venueTime(): Timestamp {
    return Timestamp.plus(this.options.clock.now(), this.measured?.offset ?? 0);
  }

  /** The venue's time is this or later: the measurement errs by half its round trip. Nothing is certain before the first. */
  venueTimeAtLeast(): Timestamp {
    const { measured } = this;
    return Timestamp.fromMicros(measured === null ? 0 : this.venueTime() - Math.ceil(measured.roundTrip / 2));
  }

  /** For signed requests: whole milliseconds, as the venue wants them. */
  stamp(): { timestamp: number } {
    return { timestamp: Math.floor(this.venueTime() / 1_000) };
  }

  /** Whatever waits for the budget gives up; what is on its way ends with its answer or its time-out. */
  close(): void {
    this.closing.abort();
    this.slots?.wake();
    this.budget.close();
    this.line.leave();
    this.exchange.releaseConnections();
  }

  /** Sends once. Throws {@link RequestFailed} with what is known about why there is no answer. */
  async once<Answer>(call: RestCall<Answer>): Promise<Answer> {
    const leave = await this.admit(call);
    const late = lateObjection(call, this.venueTime());
    if (late !== null) {
      leave();
      this.line.breaker.unused(call.priority);
      throw late;
    }
    let payload: unknown;
    try {
      payload = await this.within(call.send(this.exchange).finally(leave));
    } catch (error) {
      throw this.judged(this.failed(error));
    }
    this.line.breaker.answered(this.options.clock.now());
    return readAnswer(call.read, payload);
  }

  /**
   * A question: failures become weather or a refusal. A timestamp that the venue did not take is corrected once; it judged
   * nothing else, so asking again changes nothing.
   */
  async ask<Answer>(call: RestCall<Answer>): Promise<Answer> {
    try {
      return await this.once(call).catch(async (error: unknown) => {
        if (!isClockSkew(error)) throw error;
        await this.synchronizeClock();
        return this.once(call);
      });
    } catch (error) {
      if (error instanceof RequestFailed) throw queryError(this.options.venue, error);
      throw error;
    }
  }

  /** -1021: our idea of the venue's time is wrong, so it is measured anew behind; the next request is better. */
  mendClock(error: RequestFailed): void {
    if (isClockSkew(error)) this.remeasureClock();
  }

  /** Behind, once; never throws. */
  remeasureClock(): void {
    this.synchronizeClock().catch((cause: unknown) => {
      this.options.onNotice({ code: 'CLOCK_MEASURED', text: `failed: ${String(cause)}` });
    });
  }

  /** The venue's time; the measurement replaces the standing one when it is the better of the two. */
  async serverTime(): Promise<Timestamp> {
    const { venueTime, measurement } = await this.measureClock();
    if (this.measured === null || isBetter(measurement, this.measured)) this.measured = measurement;
    return venueTime;
  }

  /** Several measurements; the one with the shortest round trip is kept. */
  async synchronizeClock(): Promise<ClockOffset> {
    let { measurement: best } = await this.measureClock();
    for (let sample = 1; sample < clockSamples; sample += 1) {
      const { measurement } = await this.measureClock();
      if (measurement.roundTrip < best.roundTrip) best = measurement;
    }
    this.measured = best;
    const text = `offset ${best.offset} µs, round trip ${best.roundTrip} µs`;
    this.options.onNotice({ code: 'CLOCK_MEASURED', text });
    const complaint = clockComplaint(best);
    if (complaint !== null) this.options.onNotice({ code: 'CLOCK_SKEW', text: complaint });
    return best;
  }

  /** The venue's time against the middle of the round trip. */
  private async measureClock(): Promise<{ venueTime: Timestamp; measurement: ClockOffset }> {
    const { clock } = this.options;
    let sentAt = clock.now();
    const venueTime = await this.ask({
      cost: { weight: 1, orders: 0 },
      priority: 'urgent',
      send: (exchange) => {
        sentAt = clock.now();
        return exchange.publicGetTime({});
      },
      read: (payload) => time(fieldsOf(payload, 'time'), 'serverTime'),
    });
    const measuredAt = clock.now();
    const roundTrip = measuredAt - sentAt;
    // The venue cuts its time down to the millisecond: half of one is the better guess.
    const offset = Math.round(venueTime + 500 - (sentAt + roundTrip / 2));
    return { venueTime, measurement: { offset, roundTrip, measuredAt } };
  }

  /** Gives what has to be called when the answer was read. */
  private async admit({ cost, priority, ifSpare, signal }: RestCall<unknown>): Promise<() => void> {
    const { clock, budgetWaitMax } = this.options;
    const deadline = clock.now() + budgetWaitMax;
    const slots = priority === 'read' ? this.slots : null;
    while (slots !== null && !slots.take()) {
      this.refuseUnwanted(signal);
      const left = deadline - clock.now();
      if (left <= 0) throw withheld('RATE_LIMITED', `${readsMax} questions are under way`);
      await slots.change(left);
    }
    const leave = (): void => slots?.giveBack();
    try {
      this.refuseUnwanted(signal);
      this.requireCircuit(priority);
      await this.waitForBudget({ cost, priority, ifSpare, signal }, deadline);
      return leave;
    } catch (error) {
      leave();
      throw error;
    }
  }

  private async waitForBudget({ cost, priority, ifSpare, signal }: Wanted, deadline: number): Promise<void> {
    const { clock } = this.options;
    try {
      for (;;) {
        this.refuseUnwanted(signal);
        if (ifSpare === true && this.budget.isBlind()) throw withheld('RATE_LIMITED', blindText);
        const wait = this.budget.take(cost, priority);
        if (wait === 0) return;
        if ((ifSpare === true && wait > spareWaitMax) || clock.now() + wait > deadline)
          throw withheld('RATE_LIMITED', `our budget is spent for ${wait} µs`);
        await pause(wait, this.closing.signal);
      }
    } catch (error) {
      // It was let through to try the venue, and does not: the next one may.
      this.line.breaker.unused(priority);
      throw error;
    }
  }

  /** Whoever opens, or only asks, does not wait for a venue that fails: he hears at once that it is not asked. */
  private requireCircuit(priority: Priority): void {
    const rest = this.line.breaker.admit(priority, this.options.clock.now());
    if (rest > 0)
      throw withheld('VENUE_CIRCUIT_OPEN', `${circuitText}; the next try is in ${Math.ceil(rest / second)} s`);
  }

  private judged(failure: RequestFailed): RequestFailed {
    const now = this.options.clock.now();
    if (isVenueFailure(failure.failure)) this.line.breaker.failed(failure.message, now);
    else this.line.breaker.answered(now);
    return failure;
  }

  private refuseUnwanted(signal: AbortSignal | undefined): void {
    if (this.closing.signal.aborted || signal?.aborted === true)
      throw withheld('CLOSED', 'nobody wants an answer any more');
  }

  /** ccxt's own timeout ends with the headers; this one covers the body too. */
  private async within(request: Promise<unknown>): Promise<unknown> {
    const { requestTimeout } = this.options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const failure: RequestFailure = { kind: 'timeout', text: `no answer within ${requestTimeout} µs` };
      timer = setTimeout(() => reject(new RequestFailed(failure)), requestTimeout / 1_000 + 50);
    });
    try {
      return await Promise.race([request, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private failed(error: unknown): RequestFailed {
    if (error instanceof RequestFailed) return error;
    if (!(error instanceof VenueAnswer)) return new RequestFailed(transportFailure(error), { cause: error });
    const { status, code, text, retryAfter } = error;
    if (status === 403 && code === null) this.turnedAway(error);
    else if (status === 429 || status === 418 || code === tooManyRequestsCode || code === tooManyOrdersCode) {
      const length = pauseOf(retryAfter, text, this.venueTime());
      // Orders used up are no reason to hold a cancel back; a ban is.
      const what = code === tooManyOrdersCode && status !== 418 ? 'orders' : 'everything';
      this.budget.pause(length, what);
      this.options.onNotice({ code: 'RATE_LIMITED', text: `HTTP ${status} ${text}` });
    }
    return new RequestFailed({ kind: 'answered', status, code, text }, { cause: error });
  }

  /** Not the venue's own words: its firewall, which lets nothing of this address pass now and forgives nobody who goes on. */
  private turnedAway({ text, retryAfter }: VenueAnswer): void {
    const length = this.budget.turnAway(pauseOf(retryAfter, text, this.venueTime()));
    const what = `a firewall answered HTTP 403 ${text}; nothing is asked for ${Math.ceil(length / second)} s`;
    this.options.onNotice({ code: 'RATE_LIMITED', text: what });
  }
}
