import type { Micros, Timestamp } from '@scalpstorm/kernel';
import type {
  Account,
  Balance,
  Bot,
  BotConfig,
  BotId,
  BotVerb,
  Candle,
  FeeRates,
  HaltLevel,
  Instrument,
  InstrumentId,
  JsonObject,
  Position,
  Price,
  RiskScope,
  Timeframe,
  TradingState,
  UserId,
} from '@scalpstorm/model';
import type { Difference } from './events.js';

/** What a user did wrong, or what stands in the way: stable code, the field, the allowed values, the next step. */
export interface Refusal {
  readonly code: string;
  /** JSON pointer into the body, e.g. `/parameters/quantity`; empty when no field is to blame. */
  readonly field: string;
  readonly text: string;
  readonly allowed: string;
  readonly next: string;
}
export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** Every command carries who asks; the answering service checks ownership. `commandId` makes a repeat harmless. */
interface AskedOfBots {
  readonly commandId: string;
  readonly userId: UserId;
  /**
   * Refused with COMMAND_EXPIRED from this moment on, unless it was carried out before: whoever asked does not wait any more and
   * may have said something else since. Not there: it may be carried out whenever it comes.
   */
  readonly until?: Timestamp;
}
export type BotCommand = AskedOfBots &
  (
    | { readonly kind: 'create'; readonly config: BotConfig }
    | {
        readonly kind: 'edit';
        readonly botId: BotId;
        readonly name: string | null;
        readonly parameters: JsonObject;
        /** The parameters are merged into what the bot has, and null removes one; else they replace it. */
        readonly merge?: boolean;
        /** Refused with VERSION_CHANGED when name or parameters changed after this version of the bot. */
        readonly expectedVersion?: number;
      }
    | { readonly kind: 'delete'; readonly botId: BotId }
    | { readonly kind: 'verb'; readonly botId: BotId; readonly verb: BotVerb }
  );
/** Allowed, but probably not meant: the command was carried out all the same. */
export type ParameterWarning = Pick<Refusal, 'code' | 'field' | 'text' | 'next'>;
export type BotAnswer =
  | {
      readonly ok: true;
      readonly value: Bot;
      /** Of the parameters of a bot that was created or edited; not there when there are none. */
      readonly warnings?: readonly ParameterWarning[];
    }
  | Extract<Answer<Bot>, { ok: false }>;

export interface JournalRequest {
  readonly userId: UserId;
  readonly botId: BotId;
  /** Rows behind this one; 0: from the first that is kept. */
  readonly after: number;
  readonly limit: number;
}
export interface JournalLine {
  /** Counts from 1 for each bot; where one is missing, rows were lost. */
  readonly number: number;
  /** JSON. */
  readonly entry: string;
}
/** So many as fit, oldest first. */
export interface JournalPage {
  readonly rows: readonly JournalLine[];
  readonly hasMore: boolean;
}

export interface StrategyDescription {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** JSON Schema (2020-12) of `parameters`. */
  readonly schema: JsonObject;
}

export interface InstrumentsRequest {
  /** Null: all. */
  readonly instrumentId: InstrumentId | null;
}
export interface InstrumentsReply {
  readonly instruments: readonly Instrument[];
  readonly lastPrices: readonly { readonly instrumentId: InstrumentId; readonly price: Price }[];
}

export interface RecentCandlesRequest {
  readonly instrumentId: InstrumentId;
  readonly timeframe: Timeframe;
}
export interface RecentCandlesReply {
  /** Closed ones, oldest first. */
  readonly candles: readonly Candle[];
}

export type RiskCommand = {
  readonly commandId: string;
  /** Null: the whole platform, which only an operator may ask for. To set a scope: whose it is; null: nobody's. */
  readonly userId: UserId | null;
  readonly text: string;
} & (
  | {
      /** `states` is answered with the state, too. */
      readonly kind: 'state' | 'states' | 'dead-men';
    }
  | {
      readonly kind: 'halt' | 'release';
      /** Absent: the user; of the platform: nobody known. */
      readonly by?: UserId;
      /** Only of a halt; absent: nothing but the halt. */
      readonly level?: HaltLevel;
    }
  | {
      /** Answered with the state, too. */
      readonly kind: 'limits';
      /** Everything that whom they are for belongs to, the widest first, itself the last. */
      readonly scopes: readonly RiskScope[];
    }
  | {
      readonly kind: 'set-limits';
      readonly scopes: readonly RiskScope[];
      readonly wishes: readonly LimitWish[];
      /** Null: whatever they are. */
      readonly expectedVersion: number | null;
      readonly by: UserId;
    }
  | {
      readonly kind: 'set';
      readonly scope: RiskScope;
      readonly state: TradingState;
      readonly by: UserId;
      /** They have the right to act on what is not theirs. */
      readonly operator: boolean;
      /** Only of a halt; absent: nothing but the halt. */
      readonly level?: HaltLevel;
    }
  | {
      /** Answered with the timers that concern the user. */
      readonly kind: 'arm';
      readonly scope: RiskScope;
      readonly seconds: number;
      readonly level: HaltLevel;
      readonly by: UserId;
      readonly operator: boolean;
    }
  | { readonly kind: 'disarm'; readonly scope: RiskScope; readonly by: UserId; readonly operator: boolean }
);
/** A timer that halts a scope unless it is armed again in time. */
export interface DeadMan {
  readonly scope: RiskScope;
  readonly level: HaltLevel;
  readonly seconds: number;
  readonly expiresAt: Timestamp;
  /** Who armed it last. */
  readonly by: string;
}
/** What is wanted of a limit, by the name of its setting; null: that nothing is set. */
export interface LimitWish {
  readonly name: string;
  readonly value: string | null;
}
/** What was said of one scope. */
export interface ScopeState {
  readonly scope: RiskScope;
  readonly state: TradingState;
  readonly text: string;
  /** Null: it was never changed. */
  readonly since: Timestamp | null;
  /** Who said it; may be empty. */
  readonly by: string;
  /** Said of what is not theirs: only an operator makes it milder. */
  readonly operator: boolean;
}
/** One limit of the gate: the name of its setting, a decimal text, and a currency, `bps`, `ms`, `orders` or `orders/s`. */
export interface RiskLimit {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  /** Who set it; null: it is the platform's setting. */
  readonly source: RiskScope | null;
  /** What is set for the scope that was asked for; null: nothing. */
  readonly own: string | null;
}
export type RiskAnswer = Answer<{
  readonly state: TradingState;
  readonly text: string;
  /** Null: it was never changed. */
  readonly since: Timestamp | null;
  /** Only when they were asked for. */
  readonly limits?: readonly RiskLimit[];
  /** Of what is set for the scope whose limits were asked for; 0: nothing ever was. */
  readonly limitsVersion?: number;
  /** Only when they were asked for, or one was set. */
  readonly states?: readonly ScopeState[];
  /** Only when they were asked for, or one was armed or taken away. */
  readonly deadMen?: readonly DeadMan[];
  /** Only when one was armed: it ran already and in the same words, and was only renewed. */
  readonly renewed?: boolean;
}>;

export type AccountRequest =
  | {
      readonly kind: 'list' | 'get' | 'reconcile';
      /** Empty for `list`. */
      readonly accountId: string;
    }
  /** What the account pays for its fills of the instrument; asks the venue when it is not known. */
  | { readonly kind: 'fees'; readonly accountId: string; readonly instrumentId: InstrumentId };
export type AccountAnswer = Answer<{
  readonly accounts: readonly Account[];
  readonly balances: readonly Balance[];
  readonly positions: readonly Position[];
  readonly reconciled: boolean;
  readonly differences: readonly Difference[];
  /** Only when fees were asked for. */
  readonly fees?: readonly FeeRates[];
  /** When the venue last spoke of the balances, by stream or by answer, on its own clock; null: it has not yet. */
  readonly balancesAsOf?: Timestamp | null;
}>;

/** 32-bit floats in row-major order. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export type InferenceRequest =
  | {
      readonly kind: 'infer';
      readonly requestId: string;
      readonly model: string;
      /** Null: the newest that serves. */
      readonly version: string | null;
      /** Nothing is computed for it afterwards. Null: the service's own bound. */
      readonly deadline: Timestamp | null;
      readonly inputs: readonly Tensor[];
    }
  | { readonly kind: 'models'; readonly requestId: string };

/** A model as it serves now. */
export interface InferenceModel {
  readonly model: string;
  readonly version: string;
  /** What it runs on, e.g. `cpu`. */
  readonly provider: string;
  readonly sha256: string;
  /** Whether it earned after fees on data that it had not seen; and the same in words. */
  readonly edge: boolean;
  readonly edgeText: string;
}

export type InferenceValue =
  | {
      readonly kind: 'inferred';
      readonly requestId: string;
      readonly model: string;
      readonly version: string;
      readonly provider: string;
      readonly outputs: readonly Tensor[];
      /** From the arrival of the request to the answer. */
      readonly took: Micros;
    }
  | { readonly kind: 'models'; readonly models: readonly InferenceModel[] };
export type InferenceAnswer = Answer<InferenceValue>;
