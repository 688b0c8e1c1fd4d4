import { type Micros, Timestamp } from '@scalpstorm/kernel';
import type { Instrument, Outlook, Prediction } from '@scalpstorm/model';
import type { Signal } from '../scalping-cycle/parameters.js';
import type { StrategyContext } from '../sdk/strategy.js';
import { rateBps } from './signalled-cycle.js';

export interface SignalParameters {
  readonly model: string;
  /** Basis points that an entry must be worth beyond its costs. A statistic is compared with it, no money is made of it. */
  readonly marginBps: number;
  readonly hold: Micros;
  readonly exitOnOpposite: boolean;
}

/**
 * enter: p × win − (1 − p) × loss − 2 × taker fee > margin, by a prediction that is still valid
 * leave: the entry is older than `hold`; or what a sale is expected to bring is above nothing and above what a purchase is
 */
export function signalOf(parameters: SignalParameters): Signal {
  return {
    mayEnter: (context) => {
      const prediction = freshPrediction(parameters.model, context);
      return prediction !== null && entryGainBps(prediction, context.instrument) > parameters.marginBps;
    },
    leaves: (context, openedAt) => {
      if (context.now >= Timestamp.plus(openedAt, parameters.hold)) return heldLongEnough;
      const prediction = parameters.exitOnOpposite ? freshPrediction(parameters.model, context) : null;
      return prediction !== null && isOpposite(prediction) ? opposite(prediction) : null;
    },
  };
}

/** The caller hands over no stale one; a decision to open does not rest on that alone. */
export function freshPrediction(model: string, { prediction, instrument, now }: StrategyContext): Prediction | null {
  if (prediction === null || now > prediction.validUntil) return null;
  return prediction.model === model && prediction.instrumentId === instrument.id ? prediction : null;
}

/** What a purchase made now is expected to bring after both fees, in basis points. */
export function entryGainBps({ up }: Prediction, { takerFeeRate }: Instrument): number {
  return gainBps(up) - 2 * rateBps(takerFeeRate);
}

/** Before fees. */
export const gainBps = ({ probability, winBps, lossBps }: Outlook): number =>
  probability * winBps - (1 - probability) * lossBps;

/** The fee of the exit is due either way, so it does not count. */
const isOpposite = ({ up, down }: Prediction): boolean => gainBps(down) > Math.max(0, gainBps(up));

const heldLongEnough = {
  kind: 'time',
  reason: { code: 'HOLD_TIME_OVER', text: 'Held as long as it may be; closing at the market.' },
} as const;

function opposite({ model, down }: Prediction) {
  const text = `${model} expects the price to fall (probability ${down.probability.toFixed(2)}); closing at the market.`;
  return { kind: 'signal', reason: { code: 'OPPOSITE_SIGNAL', text } } as const;
}
