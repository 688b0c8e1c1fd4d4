import { second, Timestamp } from '@scalpstorm/kernel';
import { type BotId, type OrderRequest, RiskScope, type UserId } from '@scalpstorm/model';
import type { Log, WallClock } from '@scalpstorm/observability';
import type { Tripped } from '../ports/trips.js';
import { type Given, type Telling, type Verdict, Verdicts } from '../ports/verdicts.js';

const minute = 60 * second;
/** Bots that are counted; of more the one is forgotten that was denied longest ago. */
const countedMax = 20_000;

/** No fault of the bot: the world is so, or somebody has said it. */
const weather: ReadonlySet<string> = new Set([
  ...['TRADING_HALTED', 'TRADING_REDUCING', 'GATE_RECOVERING', 'INSTRUMENT_UNKNOWN', 'INSTRUMENT_HALTED'],
  'ACCOUNT_HOLDS_UNLISTED',
  ...['REQUEST_EXPIRED', 'ACCOUNT_NOT_RECONCILED', 'SESSION_CLOSED', 'CLOCK_OFFSET', 'MARKET_DATA_FROM_FUTURE'],
  ...['MARKET_DATA_STALE', 'MARKET_DATA_CROSSED', 'REFERENCE_PRICE_MISSING', 'BALANCE_UNKNOWN', 'BALANCE_STALE'],
  // What others hold, or ask for, beside it.
  ...['VENUE_EXPOSURE_ABOVE_MAXIMUM', 'USER_EXPOSURE_ABOVE_MAXIMUM', 'ACCOUNT_EXPOSURE_ABOVE_MAXIMUM', 'SELF_TRADE'],
]);

interface Watch {
  readonly breakers: { trip(tripped: Tripped): Promise<void> };
  readonly deniedMax: number;
  readonly clock: WallClock;
  readonly log: Log;
}

/** Counts what each bot is denied by its own fault within any minute, and has a bot halted that has lost its way. */
export class WatchedVerdicts extends Verdicts {
  /** When, within the last minute; at most as many of a bot as trip. */
  private readonly denied = new Map<BotId, Timestamp[]>();

  constructor(
    private readonly verdicts: Verdicts,
    private readonly watch: Watch,
  ) {
    super();
  }

  load(): Promise<void> {
    return this.verdicts.load();
  }

  find(clientOrderId: OrderRequest['clientOrderId'], ask: number): Promise<Given | null> {
    return this.verdicts.find(clientOrderId, ask);
  }

  tell(order: OrderRequest, verdict: Verdict, telling: Telling): Promise<Verdict | null> {
    const { botId, userId, purpose } = order;
    // A halt holds no close back, so none counts for one.
    if (verdict.kind === 'denied' && purpose === 'open' && botId !== null && !weather.has(verdict.denial.code)) {
      this.count(botId, userId, verdict.denial.code);
    }
    return this.verdicts.tell(order, verdict, telling);
  }

  tellAgain(order: OrderRequest, given: Given, telling: Telling): Promise<void> {
    return this.verdicts.tellAgain(order, given, telling);
  }

  drain(msMax: number): Promise<void> {
    return this.verdicts.drain(msMax);
  }

  prune(before: Timestamp): Promise<number> {
    return this.verdicts.prune(before);
  }

  private count(botId: BotId, ownerId: UserId, code: string): void {
    const { breakers, deniedMax, clock, log } = this.watch;
    const now = clock.now();
    const since = Timestamp.plus(now, -minute);
    const times = this.denied.get(botId) ?? [];
    while (times[0] !== undefined && times[0] <= since) times.shift();
    times.push(now);
    // The bot that was denied last is the last to be forgotten.
    this.denied.delete(botId);
    const [oldest] = this.denied.keys();
    if (this.denied.size >= countedMax && oldest !== undefined) this.denied.delete(oldest);
    const count = times.length;
    if (count <= deniedMax) {
      this.denied.set(botId, times);
      return;
    }
    const tripped = {
      scope: RiskScope.bot(botId),
      ownerId,
      breaker: 'runaway',
      state: 'halted',
      text: `Runaway: denied ${count} times within a minute, at last for ${code}`,
      limit: String(deniedMax),
      value: String(count),
      until: now,
      needsPerson: true,
    } as const;
    // The halt holds from the call on; the verdict does not wait for the disk.
    breakers.trip(tripped).catch((error: unknown) => {
      log.error({ botId, error }, 'a runaway bot is halted, but that could not be written down');
    });
  }
}
