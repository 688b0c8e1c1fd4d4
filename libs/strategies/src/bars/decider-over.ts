import { type Indicator, restoreStream, type Stream, type StreamSnapshot } from '@scalpstorm/indicators';
import { assert } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import type { Bar, BarDecider, Desk } from './bar-strategy.js';
import { type DataNeeds, HigherBars, type HigherView } from './higher-bars.js';

/** An indicator and its parameters. */
type Use = readonly [
  indicator: Pick<Indicator, 'start' | 'snapshot'>,
  parameters: Readonly<Record<string, number | string>>,
];

/**
 * A decider that remembers nothing but its indicators: what it decides follows from them, the bar and its own standing.
 * @param uses by the name under which `onClose` is given the stream
 * @param needs longer bars, which `onClose` is given as its last argument
 */
export function deciderOver<Name extends string>(
  uses: Readonly<Record<Name, Use>>,
  onClose: (streams: Readonly<Record<Name, Stream>>, bar: Bar, desk: Desk, higher: HigherView) => void,
  needs: DataNeeds | null = null,
): BarDecider {
  const names = Object.keys(uses) as Name[];
  const started = names.map((name) => [name, uses[name][0].start(uses[name][1])]);
  const streams = Object.fromEntries(started) as Record<Name, Stream>;
  const longer = needs === null ? null : new HigherBars(needs);
  const higher = longer ?? noHigher;
  return {
    onClose(bar, desk) {
      longer?.hear(bar);
      // A handler that decides later gives back a promise, which whoever asks refuses.
      return onClose(streams, bar, desk, higher);
    },
    snapshot: () => ({
      ...Object.fromEntries(names.map((name) => [name, { ...uses[name][0].snapshot(streams[name]) }])),
      ...(longer !== null && { [ofHigher]: longer.snapshot() }),
    }),
    restore(snapshot) {
      longer?.restore((snapshot[ofHigher] ?? {}) as JsonObject);
      for (const name of names) {
        assert(Object.hasOwn(snapshot, name), `a snapshot of a decider lacks ${name}`);
        streams[name] = restoreStream(snapshot[name] as unknown as StreamSnapshot);
      }
    },
  };
}

/** No name that a program would give a stream. */
const ofHigher = 'longer bars';

const noHigher: HigherView = {
  closed: (timeframe) => undeclared(timeframe),
  last: (timeframe) => undeclared(timeframe),
};

function undeclared(timeframe: string): never {
  assert(false, `the strategy did not declare that it needs ${timeframe}`);
}
