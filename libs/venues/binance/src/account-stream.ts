import { type Micros, second, type Timestamp } from '@scalpstorm/kernel';
import type { Balance, Instrument } from '@scalpstorm/model';
import { type ExecutionListener, type VenueOrderView, VenueUnreachable } from '@scalpstorm/venue-api';
import type { CcxtBinance } from './ccxt-binance.js';
import type { ResolvedOptions } from './options.js';
import { parseUserEvent, type UserEvent } from './parse-account.js';
import { StreamContinuity } from './stream-continuity.js';
import type { TellSkipped } from './unusual-names.js';
import { UserStream } from './user-stream.js';

export interface StreamSurroundings {
  readonly exchange: CcxtBinance;
  readonly options: ResolvedOptions;
  readonly stamp: () => { timestamp: number };
  readonly find: (symbol: string) => Instrument | null;
  readonly skipped: TellSkipped;
  /** The venue did not take our time. */
  readonly mendClock: () => void;
  /** Every order that the stream speaks of. */
  readonly onOrder: (order: VenueOrderView) => void;
  /** What the stream says is held now. */
  readonly onBalances: (balances: readonly Balance[]) => void;
  readonly onLost: () => void;
  readonly onThrottled: (text: string, retryAt: Timestamp | null) => void;
  readonly heldBack: () => Micros;
}

/** Events of one order arrive out of order by milliseconds; what has not come by then is lost. */
const missingFillPatience: Micros = second;

/** As the websocket API says it: code first. */
const clockRefusal = /^-1021 /;

/** The account's stream as execution hears it: repeats dropped, holes noticed, reconnects told. */
export class AccountStream {
  private stream: UserStream | null = null;
  private missing: NodeJS.Timeout | null = null;
  private readonly continuity = new StreamContinuity();
  private current: 'connecting' | 'connected' | 'disconnected' = 'disconnected';

  constructor(
    private readonly around: StreamSurroundings,
    private readonly listener: ExecutionListener,
  ) {}

  get state(): 'connecting' | 'connected' | 'disconnected' {
    return this.current;
  }

  /** Resolves when subscribed for the first time. @throws VenueUnreachable when that takes too long */
  connect(): Promise<void> {
    const { exchange, options, stamp } = this.around;
    this.current = 'connecting';
    return new Promise((resolve, reject) => {
      let last = 'no answer';
      let first = true;
      const timer = setTimeout(
        () => {
          reject(new VenueUnreachable(options.venue, 'VENUE_UNREACHABLE', `no user stream in time: ${last}`));
        },
        (2 * options.requestTimeout) / 1_000,
      );
      this.stream = new UserStream(exchange, options, stamp, {
        event: (payload) => this.hear(parseUserEvent(payload, this.around.find, this.around.skipped)),
        subscribed: () => {
          this.current = 'connected';
          if (!first) return this.listener.onReconnected();
          first = false;
          clearTimeout(timer);
          resolve();
        },
        throttled: this.around.onThrottled,
        heldBack: this.around.heldBack,
        lost: (detail) => {
          this.current = first ? 'connecting' : 'disconnected';
          last = detail;
          this.forget();
          this.around.onLost();
          if (clockRefusal.test(detail)) this.around.mendClock();
          if (!first) this.listener.onDisconnected(detail);
        },
      });
      this.stream.connect();
    });
  }

  close(): void {
    this.current = 'disconnected';
    this.forget();
    this.stream?.close();
    this.stream = null;
  }

  private hear(event: UserEvent): void {
    switch (event.kind) {
      case 'report':
        this.around.onOrder(event.report.order);
        if (this.continuity.isNewReport(event.report)) this.listener.onOrderReport(event.report);
        break;
      case 'fill':
        this.around.onOrder(event.order);
        if (this.continuity.isNewFill(event.fill, event.order)) this.listener.onFill(event.fill, event.order);
        break;
      case 'balances': {
        const fresh = this.continuity.newBalances(event.balances, event.occurredAt);
        if (fresh.length === 0) break;
        this.around.onBalances(fresh);
        this.listener.onBalances(fresh, event.occurredAt);
        break;
      }
      case 'terminated':
        this.stream?.restart('the venue ended the stream');
        break;
      case 'other':
        break;
    }
    this.watchMissing();
  }

  /** A fill that does not come can only be asked for: execution reconciles after every reconnect. */
  private watchMissing(): void {
    if (this.missing !== null || this.continuity.ordersShort === 0) return;
    this.missing = setTimeout(() => {
      this.missing = null;
      if (this.continuity.ordersShort === 0) return;
      const text = `fills of ${this.continuity.ordersShort} orders did not come`;
      this.around.options.onNotice({ code: 'FILL_MISSING', text });
      this.stream?.restart(text);
    }, missingFillPatience / 1_000);
  }

  private forget(): void {
    if (this.missing !== null) clearTimeout(this.missing);
    this.missing = null;
    this.continuity.reset();
  }
}
