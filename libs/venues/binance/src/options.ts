import { type Clock, type Micros, millisecond, type Rng, second } from '@scalpstorm/kernel';
import type { VenueId } from '@scalpstorm/model';
import type { RateLedger } from '@scalpstorm/venue-api';
import type { BackoffLimits } from './backoff.js';
import { type CircuitLimits, defaultCircuitLimits } from './circuit-breaker.js';
import type { UsualFees } from './parse-instruments.js';
import type { RateLimit } from './rate-budget.js';

/** Where the venue is. The simulated exchange is just another address. */
export interface BinanceAddresses {
  /** Without a path, e.g. `https://api.binance.com`. */
  readonly rest: string;
  /** Public stream, e.g. `wss://stream.binance.com:9443/ws`; the adapter adds `/0`, `/1` … */
  readonly spotWs: string;
  /** e.g. `wss://ws-api.binance.com:443/ws-api/v3`. */
  readonly wsApi: string;
}

export interface BinanceOptions {
  readonly venue: VenueId;
  readonly addresses: BinanceAddresses;
  readonly clock: Clock;
  /** For jitter. */
  readonly rng: Rng;
  /** Assumed of every instrument by the public feed, which cannot ask; an account's own rates are told by `feeRates`. */
  readonly fees?: UsualFees;
  /** Real money is meant: needed at the live addresses, refused at the testnet's. Default false. */
  readonly liveMoney?: boolean;
  /** Overrides what the venue publishes; an empty list switches our budget off. */
  readonly rateLimits?: readonly RateLimit[];
  /** What all processes that ask the venue from here share; null: this one is alone. */
  readonly ledger?: RateLedger | null;
  /** When a venue that fails is left alone; of the first client of an address in this process. */
  readonly circuit?: CircuitLimits;
  /** How long a request may wait for the budget before it is withheld. */
  readonly budgetWaitMax?: Micros;
  readonly requestTimeout?: Micros;
  readonly backoff?: BackoffLimits;
  /** A socket with neither a message nor a pong for so long is dead; twice in it the subscriptions are asked for. */
  readonly silenceMax?: Micros;
  /** How often the clock offset is measured anew. */
  readonly clockInterval?: Micros;
  /** Poison, repairs and other facts for the log; must not throw. */
  readonly onNotice?: (notice: VenueNotice) => void;
}

/** Something that an operator may want to see or count. */
export interface VenueNotice {
  readonly code:
    | 'UNREADABLE_PAYLOAD'
    | 'SYMBOLS_SKIPPED'
    | 'NAME_SKIPPED'
    | 'DIRECTORY_STALE'
    | 'SOCKET_LOST'
    | 'SOCKET_SILENT'
    | 'SUBSCRIPTION_LOST'
    | 'FILL_MISSING'
    | 'BOOK_GAP'
    | 'BOOK_STALE'
    | 'RATE_LIMITED'
    | 'CIRCUIT_CHANGED'
    | 'CLOCK_MEASURED'
    | 'CLOCK_SKEW';
  readonly text: string;
}

export interface BinanceCredentials {
  readonly apiKey: string;
  readonly secret: string;
}

export type ResolvedOptions = Required<Omit<BinanceOptions, 'rateLimits'>> & {
  readonly rateLimits: readonly RateLimit[] | null;
};

export const resolveOptions = (options: BinanceOptions): ResolvedOptions => ({
  fees: { maker: '0.001', taker: '0.001' },
  liveMoney: false,
  ledger: null,
  circuit: defaultCircuitLimits,
  budgetWaitMax: 2 * second,
  requestTimeout: 5 * second,
  backoff: { first: 250 * millisecond, most: 30 * second },
  silenceMax: 15 * second,
  clockInterval: 60 * second,
  onNotice: () => undefined,
  ...options,
  rateLimits: options.rateLimits ?? null,
});
