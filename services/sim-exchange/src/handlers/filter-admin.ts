import { parseDecimal } from '@scalpstorm/model';
import { amountOfWireUnits, parseWireUnits } from '../domain/amounts.js';
import type { Exchange } from '../domain/exchange.js';
import type { Market } from '../domain/market.js';
import { bandDecimals, type MarketFilters, type PriceBand } from '../domain/market-filters.js';
import { readObject } from './fault-admin.js';
import { BodyReader, type BodyRefusal } from './fault-reading.js';
import type { RestAnswer, RestRequest } from './rest-api.js';
import { symbolInfo } from './wire-symbol.js';

const countMax = 1_000_000;
const decimal = { pattern: /^\d{1,15}(\.\d{1,8})?$/, allowed: 'an exact decimal as text with up to 8 decimals' };
const positive = { pattern: /^(?=.*[1-9])\d{1,15}(\.\d{1,8})?$/, allowed: `${decimal.allowed}, above 0` };

/** `/sim/filters`: tells and changes the filters of a market while it is open, as a venue does without asking. */
export class FilterAdmin {
  constructor(private readonly exchange: Exchange) {}

  /** Null when the path is none of ours. */
  handle({ method, path, query, body }: RestRequest): RestAnswer | null {
    if (path !== '/sim/filters' || (method !== 'GET' && method !== 'POST')) return null;
    const text = method === 'POST' ? readObject(body) : { symbol: new URLSearchParams(query).get('symbol') };
    if (text === null) return refused({ field: 'body', allowed: 'a JSON object' });
    const { symbol, ...changes } = text;
    const market = typeof symbol === 'string' ? this.exchange.market(symbol) : null;
    if (market === null) return refused({ field: 'symbol', allowed: `one of ${this.symbols()}` });
    const filters = readFilters(new BodyReader(changes), market);
    if ('field' in filters) return refused(filters);
    market.filters = filters;
    return { status: 200, body: { symbol, filters: symbolInfo(market).filters } };
  }

  private symbols(): string {
    return this.exchange
      .allMarkets()
      .map(({ spec }) => spec.wireSymbol)
      .join(', ');
  }
}

/** Under the names of exchangeInfo; what is left out stays as it was. */
function readFilters(reader: BodyReader, { spec, filters }: Market): MarketFilters | BodyRefusal {
  const amount = (name: string, usual: bigint, form = positive): bigint => {
    const text = reader.textOrNull(name, form);
    return text === null ? usual : amountOfWireUnits(parseWireUnits(text) ?? 0n);
  };
  const band = (side: 'bid' | 'ask', usual: PriceBand): PriceBand => ({
    down: multiplier(reader.textOrNull(`${side}MultiplierDown`, decimal), usual.down),
    up: multiplier(reader.textOrNull(`${side}MultiplierUp`, positive), usual.up),
  });
  const count = (name: string, usual: number): number => reader.whole(name, { min: 0, max: countMax }, usual);
  const marketQuantity = reader.textOrNull('marketMaxQty', positive);
  const position = amount('maxPosition', filters.positionMax ?? 0n, decimal);
  const read: MarketFilters = {
    band: { buy: band('bid', filters.band.buy), sell: band('ask', filters.band.sell) },
    marketQuantityMax:
      marketQuantity === null
        ? filters.marketQuantityMax
        : Number((parseWireUnits(marketQuantity) ?? 0n) / BigInt(spec.lotUnits)),
    notionalMin: amount('minNotional', filters.notionalMin, decimal),
    notionalMax: amount('maxNotional', filters.notionalMax),
    minToMarket: reader.flag('applyMinToMarket', filters.minToMarket),
    maxToMarket: reader.flag('applyMaxToMarket', filters.maxToMarket),
    ordersMax: count('maxNumOrders', filters.ordersMax),
    algoOrdersMax: count('maxNumAlgoOrders', filters.algoOrdersMax),
    // 0 takes the filter away.
    positionMax: position === 0n ? null : position,
  };
  return reader.refusal() ?? read;
}

function multiplier(text: string | null, usual: bigint): bigint {
  const parsed = text === null ? null : parseDecimal(text, bandDecimals);
  return parsed?.ok === true ? parsed.value : usual;
}

const refused = (wrong: BodyRefusal): RestAnswer => ({
  status: 400,
  body: { code: 'SIM_BAD_FILTERS', ...wrong, next: 'see "Filters" in docs/sim-exchange.md' },
});
