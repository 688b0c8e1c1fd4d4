import { answering, done, type Handlers, hearing, type NatsBus, newMeta } from '@scalpstorm/bus';
import type { NatsWorld } from '@scalpstorm/bus/testing';
import {
  accountQuestion,
  type CancelRequested,
  type CertificateIssued,
  cancelRequested,
  candleChanged,
  candlesQuestion,
  certificateIssued,
  feedStatusChanged,
  type InstrumentsReply,
  instrumentsQuestion,
  type OrderRequested,
  orderChanged,
  orderDenied,
  orderRequested,
  predictionMade,
  quoteChanged,
  recentCandlesQuestion,
  type Speaker,
  type TradingState,
  tradeTicked,
  tradingStateChanged,
} from '@scalpstorm/contracts';
import { type Micros, Timestamp } from '@scalpstorm/kernel';
import type {
  Account,
  Balance,
  Candle,
  ClientOrderId,
  FeedStatus,
  HaltLevel,
  Instrument,
  Order,
  OrderEvent,
  OrderRequest,
  Prediction,
  Quote,
  Trade,
} from '@scalpstorm/model';
import { RiskScope } from '@scalpstorm/model';
import { SystemClock } from '@scalpstorm/observability';
import { anAccount, anInstrument, eventually } from '@scalpstorm/testkit';

const clock = new SystemClock();

/** Everybody else at the bus: what they hear of the strategy service, and what the spec lets them say and answer. */
export class OtherServices {
  readonly requests: OrderRequested[] = [];
  readonly cancels: CancelRequested[] = [];
  instruments: Instrument[] = [anInstrument()];
  accounts: Account[] = [anAccount()];
  lastPrices: InstrumentsReply['lastPrices'] = [];
  /** What execution says that the accounts hold, and of which moment, by the venue's clock; null: it does not know. */
  balances: readonly Balance[] = [];
  balancesAsOf: Timestamp | null = null;
  /** Whether market-data answers. */
  marketData = true;
  instrumentsAsked = 0;
  /** The closed candles that market-data keeps. */
  candles: readonly Candle[] = [];
  candlesAsked = 0;
  /** The candles of the venue, of which research asks. */
  history: readonly Candle[] = [];
  /** Execution was asked for the accounts, and has not answered. */
  accountsHeld = false;
  private readonly buses = new Map<Speaker, NatsBus>();
  private accountsGate: Promise<void> | null = null;

  static async connect(nats: NatsWorld): Promise<OtherServices> {
    const others = new OtherServices();
    await others.open(nats);
    return others;
  }

  /** Execution does not answer until the function is called that this gives back. */
  holdAccounts(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.accountsGate = promise;
    return () => {
      this.accountsGate = null;
      resolve();
    };
  }

  async tell(order: Order, event: OrderEvent): Promise<void> {
    await this.bus('execution').send(orderChanged, { meta: newMeta(clock, null), order, event });
  }

  async deny(order: OrderRequest, code: string): Promise<void> {
    const denial = { code, text: 'no', limit: '', value: '', next: 'Wait.' };
    await this.bus('risk-gate').send(orderDenied, { meta: newMeta(clock, null), order, denial });
  }

  /** @param ago how long before it is sent the gate said it */
  async halt(state: TradingState, text: string, level: HaltLevel = 'halt', ago: Micros = 0): Promise<void> {
    const scope = RiskScope.platform;
    const meta = newMeta(clock, null, Timestamp.plus(clock.now(), -ago));
    await this.bus('risk-gate').send(tradingStateChanged, { meta, scope, state, text, level });
  }

  quote(quote: Quote): void {
    this.bus('market-data').publish(quoteChanged, { meta: newMeta(clock, null), quote });
  }

  /** What the inference service says. */
  predict(prediction: Prediction): void {
    const meta = newMeta(clock, null, prediction.occurredAt);
    this.bus('inference').publish(predictionMade, { meta, prediction });
  }

  /** What research found. @param ago how long before it is sent it was found */
  async certify(issued: Omit<CertificateIssued, 'meta'>, ago: Micros = 0): Promise<void> {
    const meta = newMeta(clock, null, Timestamp.plus(clock.now(), -ago));
    await this.bus('research').send(certificateIssued, { meta, ...issued });
  }

  candle(candle: Candle): void {
    this.bus('market-data').publish(candleChanged, { meta: newMeta(clock, null), candle });
  }

  now() {
    return clock.now();
  }

  trade(trade: Trade): void {
    this.bus('market-data').publish(tradeTicked, { meta: newMeta(clock, null), trade });
  }

  feed(status: FeedStatus): void {
    this.bus('market-data').publish(feedStatusChanged, { meta: newMeta(clock, null), status });
  }

  /** Every id that was asked for, once. */
  requestedIds(): readonly ClientOrderId[] {
    return [...new Set(this.requests.map(({ order }) => order.clientOrderId))];
  }

  async requested(id: ClientOrderId): Promise<OrderRequest> {
    return eventually(() => {
      const found = this.requests.find(({ order }) => order.clientOrderId === id);
      if (!found) throw new Error(`not requested: ${id}, but ${this.requestedIds().join()}`);
      return found.order;
    });
  }

  private async open(nats: NatsWorld): Promise<void> {
    const speakers = ['market-data', 'execution', 'risk-gate', 'gateway', 'inference', 'research'] as const;
    for (const speaker of speakers) this.buses.set(speaker, await nats.connect(speaker));
    const instruments = async () => {
      if (!this.marketData) throw new Error('the spec silences market-data');
      this.instrumentsAsked += 1;
      return { instruments: this.instruments, lastPrices: this.lastPrices };
    };
    const recentCandles = async () => {
      if (!this.marketData) throw new Error('the spec silences market-data');
      this.candlesAsked += 1;
      return { candles: this.candles };
    };
    await this.receive('market-data', {
      answers: [
        answering(instrumentsQuestion, instruments),
        answering(recentCandlesQuestion, recentCandles),
        answering(candlesQuestion, async ({ from, limit }) => {
          const value = this.history.filter(({ openedAt }) => openedAt >= from).slice(0, limit);
          return { ok: true as const, value };
        }),
      ],
    });
    const accounts = async () => {
      this.accountsHeld = this.accountsGate !== null;
      await this.accountsGate;
      const { accounts, balances, balancesAsOf } = this;
      const value = { accounts, balances, balancesAsOf, positions: [], reconciled: true, differences: [] };
      return { ok: true as const, value };
    };
    const keep =
      <E>(list: E[]) =>
      async (event: E) => {
        list.push(event);
        return done;
      };
    await this.receive('execution', {
      hears: [hearing(cancelRequested, keep(this.cancels))],
      answers: [answering(accountQuestion, accounts)],
    });
    await this.receive('risk-gate', { hears: [hearing(orderRequested, keep(this.requests))] });
  }

  private async receive(speaker: Speaker, handlers: Partial<Handlers>): Promise<void> {
    await this.connection(speaker).receiver.receive({ hears: [], listens: [], answers: [], ...handlers });
  }

  bus(speaker: Speaker) {
    return this.connection(speaker).bus;
  }

  private connection(speaker: Speaker): NatsBus {
    const connection = this.buses.get(speaker);
    if (connection === undefined) throw new Error(`${speaker} is not connected`);
    return connection;
  }
}
