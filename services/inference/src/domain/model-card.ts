import { featureNames, featureSetId } from '@scalpstorm/learning';
import type { InstrumentId } from '@scalpstorm/model';

/** What model.json says, as far as serving needs it. */
export interface ModelCard {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly input: string;
  readonly output: string;
  /** The names of the output's columns. */
  readonly outputs: readonly string[];
  /** The id of the features that it was trained with, and their names in order. */
  readonly featureSet: string;
  readonly features: readonly string[];
  /** Instruments that it may speak of: `sim:*` or `sim:BTC-USDT`. */
  readonly serves: readonly string[];
  readonly validForMs: number;
  readonly horizonMs: number;
  readonly payoff: { readonly up: Payoff; readonly down: Payoff };
  readonly edge: { readonly found: boolean; readonly text: string };
  readonly note: string;
  /** How often each column was true out of sample, in the order of the columns; null when the card does not tell. */
  readonly baseRates: readonly number[] | null;
}

export interface Payoff {
  readonly winBps: number;
  readonly lossBps: number;
}

/** Why a model is not served. The one that served before goes on. */
export interface ModelFault {
  readonly code:
    | 'MODEL_CARD_INVALID'
    | 'MODEL_FILE_MISSING'
    | 'MODEL_HASH_MISMATCH'
    | 'MODEL_FEATURES_DIFFER'
    | 'MODEL_NOT_LOADABLE'
    | 'MODEL_SHAPE_DIFFERS'
    | 'MODEL_NOT_FINITE';
  readonly text: string;
  readonly next: string;
}

/** Null: its features are those that are computed here. */
export function featureFault({ featureSet, features }: ModelCard): ModelFault | null {
  const same = features.length === featureNames.length && features.every((name, index) => name === featureNames[index]);
  if (featureSet === featureSetId && same) return null;
  return {
    code: 'MODEL_FEATURES_DIFFER',
    text: `trained with ${featureSet}, ${featureSetId} is computed here`,
    next: 'Train it again with this version: npm run train.',
  };
}

export function maySpeakOf({ serves }: ModelCard, instrumentId: InstrumentId): boolean {
  return serves.some((pattern) =>
    pattern.endsWith(':*') ? instrumentId.startsWith(pattern.slice(0, -1)) : pattern === instrumentId,
  );
}

/** 10 is newer than 9. */
export const newestFirst = (left: string, right: string): number => Number(right) - Number(left);
export const isVersion = (text: string): boolean => /^[1-9]\d{0,8}$/.test(text);
export const isModelName = (text: string): boolean => /^[a-z0-9][a-z0-9-]{0,63}$/.test(text);
