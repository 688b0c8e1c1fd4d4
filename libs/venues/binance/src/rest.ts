import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import { type ClockOffset, VenueRefused, VenueUnreachable } from '@scalpstorm/venue-api';
import { type CcxtBinance, VenueAnswer } from './ccxt-binance.js';
import { failureText, judgeFailure, type RequestFailure } from './failure.js';
import { fieldsOf, time, UnreadablePayload } from './fields.js';
import type { ResolvedOptions } from './options.js';
import { type Priority, RateBudget, type RateCost } from './rate-budget.js';

/** A request that did not end with a readable answer. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';

  constructor(
    readonly failure: RequestFailure,
    options?: ErrorOptions,
  ) {
    super(failureText(failure), options);
  }
}

export interface RestCall<Answer> {
  readonly cost: RateCost;
  readonly priority: Priority;
  /** Made when the budget allows, so that a timestamp in it is fresh. */
  readonly send: (exchange: CcxtBinance) => Promise<unknown>;
  readonly read: (payload: unknown) => Answer;
  /** Venue time after which it must not leave any more. */
  readonly expiresAt?: Timestamp;
}

const clockSamples = 3;
const measurementLife: Micros = 120 * second;

/** Requests under our own rate budget, with our own clock offset; nothing is ever sent twice. */
export class BinanceRest {
  readonly budget: RateBudget;
  private measured: ClockOffset | null = null;

  constructor(
    private readonly exchange: CcxtBinance,
    private readonly options: ResolvedOptions,
  ) {
    this.budget = new RateBudget(options.rateLimits ?? [], options.clock.now());
  }

  get clockOffset(): ClockOffset | null {
    return this.measured;
  }

  /** Our estimate of the venue's time. */
  venueTime(): Timestamp {
    return Timestamp.plus(this.options.clock.now(), this.measured?.offset ?? 0);
  }

  /** For signed requests: whole milliseconds, as the venue wants them. */
  stamp(): { timestamp: number } {
    return { timestamp: Math.floor(this.venueTime() / 1_000) };
  }

  /** Sends once. Throws {@link RequestFailed} with what is known about why there is no answer. */
  async once<Answer>(call: RestCall<Answer>): Promise<Answer> {
    await this.admit(call);
    if (call.expiresAt !== undefined && this.venueTime() >= call.expiresAt)
      throw new RequestFailed({ kind: 'withheld', code: 'REQUEST_EXPIRED', text: 'expired before it was sent' });
    let payload: unknown;
    try {
      payload = await this.within(call.send(this.exchange));
    } catch (error) {
      throw this.failed(error);
    }
    return readAnswer(call, payload);
  }

  /** A question: failures become weather or a refusal. */
  async ask<Answer>(call: RestCall<Answer>): Promise<Answer> {
    try {
      return await this.once(call);
    } catch (error) {
      if (error instanceof RequestFailed) throw this.queryError(error);
      throw error;
    }
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
    this.options.onNotice({
      code: 'CLOCK_MEASURED',
      text: `offset ${best.offset} µs, round trip ${best.roundTrip} µs`,
    });
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

  private async admit(call: RestCall<unknown>): Promise<void> {
    const { clock, budgetWaitMax } = this.options;
    const deadline = clock.now() + budgetWaitMax;
    for (;;) {
      const wait = this.budget.take(call.cost, call.priority, clock.now());
      if (wait === 0) return;
      if (clock.now() + wait > deadline)
        throw new RequestFailed({ kind: 'withheld', code: 'RATE_LIMITED', text: `our budget is spent for ${wait} µs` });
      await new Promise((resolve) => setTimeout(resolve, Math.ceil(wait / 1_000)));
    }
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
    if (status === 429 || status === 418) {
      this.budget.pause(this.options.clock.now(), retryAfter === null ? null : retryAfter * second);
      this.options.onNotice({ code: 'RATE_LIMITED', text: `HTTP ${status} ${text}` });
    }
    return new RequestFailed({ kind: 'answered', status, code, text }, { cause: error });
  }

  private queryError(error: RequestFailed): VenueUnreachable | VenueRefused {
    const { venue } = this.options;
    const verdict = judgeFailure(error.failure);
    const text = error.message;
    const cause = { cause: error };
    if (verdict.kind === 'not-found')
      return new VenueRefused(venue, 'VENUE_REQUEST_REFUSED', text, 'look it up', cause);
    if (verdict.kind === 'unknown') {
      const code =
        verdict.code === 'TIMEOUT'
          ? 'VENUE_TIMEOUT'
          : verdict.code === 'UNREADABLE_ANSWER'
            ? 'VENUE_UNREADABLE'
            : verdict.code === 'VENUE_FAILURE'
              ? 'VENUE_OVERLOADED'
              : 'VENUE_UNREACHABLE';
      return new VenueUnreachable(venue, code, text, cause);
    }
    switch (verdict.code) {
      case 'NOT_CONNECTED':
        return new VenueUnreachable(venue, 'VENUE_UNREACHABLE', text, cause);
      case 'RATE_LIMITED':
        return new VenueUnreachable(venue, 'VENUE_RATE_LIMITED', text, cause);
      case 'VENUE_OVERLOADED':
        return new VenueUnreachable(venue, 'VENUE_OVERLOADED', text, cause);
      case 'CLOCK_SKEW':
      case 'REQUEST_EXPIRED':
        return new VenueUnreachable(venue, 'VENUE_CLOCK_SKEW', text, cause);
      case 'AUTH_REFUSED':
        return new VenueRefused(
          venue,
          'VENUE_AUTH_REFUSED',
          text,
          'check the API key, its rights and its IP list',
          cause,
        );
      case 'UNKNOWN_INSTRUMENT':
        return new VenueRefused(venue, 'VENUE_UNKNOWN_INSTRUMENT', text, 'choose a symbol that the venue lists', cause);
      default:
        return new VenueRefused(venue, 'VENUE_REQUEST_REFUSED', text, 'see the words of the venue', cause);
    }
  }
}

/** A short round trip says more than a recent one, for a while: clocks drift apart slowly. */
const isBetter = (one: ClockOffset, other: ClockOffset): boolean =>
  one.roundTrip <= other.roundTrip || one.measuredAt - other.measuredAt > measurementLife;

function readAnswer<Answer>(call: RestCall<Answer>, payload: unknown): Answer {
  try {
    return call.read(payload);
  } catch (error) {
    if (!(error instanceof UnreadablePayload)) throw error;
    throw new RequestFailed({ kind: 'unreadable', text: error.message }, { cause: error });
  }
}

/** Only a connection that nobody accepted proves that the request did not leave. */
function transportFailure(error: unknown): RequestFailure {
  const text = error instanceof Error ? error.message : String(error);
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|Connect Timeout/.test(text))
    return { kind: 'refused', text };
  if (/timed out/.test(text)) return { kind: 'timeout', text };
  return { kind: 'lost', text };
}
