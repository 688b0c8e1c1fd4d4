import { type Clock, type Micros, second, type Timestamp } from '@scalpstorm/kernel';
import { type FeeRates, type InstrumentId, parseDecimal } from '@scalpstorm/model';
import { type Fields, fieldsOf, text, UnreadablePayload, whole } from './fields.js';
import { rateText } from './parse-rules.js';
import { isUnknownEndpoint } from './query-error.js';
import type { BinanceRest } from './rest.js';

type Rates = Omit<FeeRates, 'instrumentId'>;

interface Known {
  readonly rates: FeeRates;
  readonly readAt: Timestamp;
}

/** An account's tier changes once a day at the most. */
const freshFor: Micros = 3_600 * second;
/** An endpoint that was not there may come with the venue's next version. */
const endpointAgainAfter: Micros = 3_600 * second;
const knownMax = 10_000;

export interface FeeQuestion {
  readonly instrumentId: InstrumentId;
  readonly symbol: string;
}

/**
 * What the account pays. Per symbol where the venue tells it (`GET /api/v3/account/commission`), otherwise the account's own
 * rates (`GET /api/v3/account`). A discount for paying in a third asset is left out: it holds only as long as there is some.
 */
export class FeeBook {
  private readonly known = new Map<InstrumentId, Known>();
  private readonly asked = new Map<InstrumentId, Promise<FeeRates>>();
  private noEndpointUntil: Timestamp | null = null;

  constructor(
    private readonly rest: BinanceRest,
    private readonly clock: Clock,
    private readonly signed: () => object,
  ) {}

  /** One question at a time for an instrument. What was known stands while the venue does not answer. */
  async rates(question: FeeQuestion): Promise<FeeRates> {
    const { instrumentId } = question;
    const known = this.known.get(instrumentId);
    if (known !== undefined && this.clock.now() - known.readAt < freshFor) return known.rates;
    const running = this.asked.get(instrumentId) ?? this.refresh(question);
    try {
      return await running;
    } catch (error) {
      if (known === undefined) throw error;
      return known.rates;
    }
  }

  private refresh(question: FeeQuestion): Promise<FeeRates> {
    const { instrumentId } = question;
    const running = this.read(question.symbol)
      .then((rates) => this.keep({ instrumentId, ...rates }))
      .finally(() => this.asked.delete(instrumentId));
    this.asked.set(instrumentId, running);
    return running;
  }

  private keep(rates: FeeRates): FeeRates {
    this.known.delete(rates.instrumentId);
    this.known.set(rates.instrumentId, { rates, readAt: this.clock.now() });
    const oldest = this.known.keys().next();
    if (this.known.size > knownMax && oldest.done === false) this.known.delete(oldest.value);
    return rates;
  }

  private async read(symbol: string): Promise<Rates> {
    if (this.noEndpointUntil === null || this.clock.now() >= this.noEndpointUntil) {
      try {
        return await this.rest.ask({
          cost: { weight: 20, orders: 0 },
          priority: 'read',
          send: (exchange) => exchange.privateGetAccountCommission({ symbol, ...this.signed() }),
          read: parseCommission,
        });
      } catch (error) {
        if (!isUnknownEndpoint(error)) throw error;
        this.noEndpointUntil = (this.clock.now() + endpointAgainAfter) as Timestamp;
      }
    }
    return this.rest.ask({
      cost: { weight: 20, orders: 0 },
      priority: 'read',
      send: (exchange) => exchange.privateGetAccount({ omitZeroBalances: true, ...this.signed() }),
      read: parseAccountRates,
    });
  }
}

/** `standardCommission` + `specialCommission` + `taxCommission`, each for the side that pays more. */
export function parseCommission(payload: unknown): Rates {
  const answer = fieldsOf(payload, 'commission');
  const parts = ['standardCommission', 'specialCommission', 'taxCommission']
    .filter((name) => name === 'standardCommission' || answer[name] !== undefined)
    .map((name) => partOf(fieldsOf(answer[name], name)));
  return sumOf(parts);
}

/** `commissionRates`; older versions tell only whole basis points. */
export function parseAccountRates(payload: unknown): Rates {
  const account = fieldsOf(payload, 'account');
  if (account['commissionRates'] !== undefined)
    return sumOf([partOf(fieldsOf(account['commissionRates'], 'commissionRates'))]);
  const basisPoints = (name: string): bigint => BigInt(whole(account, name)) * 10n ** 8n;
  const side = larger(basisPoints('buyerCommission'), basisPoints('sellerCommission'));
  return sumOf([{ maker: basisPoints('makerCommission') + side, taker: basisPoints('takerCommission') + side }]);
}

interface Part {
  readonly maker: bigint;
  readonly taker: bigint;
}

function partOf(rates: Fields): Part {
  const side = larger(rateOf(rates, 'buyer'), rateOf(rates, 'seller'));
  return { maker: rateOf(rates, 'maker') + side, taker: rateOf(rates, 'taker') + side };
}

const sumOf = (parts: readonly Part[]): Rates => ({
  makerFeeRate: rateText(parts.reduce((sum, { maker }) => sum + maker, 0n)),
  takerFeeRate: rateText(parts.reduce((sum, { taker }) => sum + taker, 0n)),
});

const larger = (one: bigint, other: bigint): bigint => (one > other ? one : other);

/** In units of 10^-12. */
function rateOf(rates: Fields, name: string): bigint {
  const parsed = parseDecimal(text(rates, name), 12);
  if (parsed.ok && parsed.value >= 0n && parsed.value < 10n ** 12n) return parsed.value;
  throw new UnreadablePayload(`${name}: not a fee rate`);
}
