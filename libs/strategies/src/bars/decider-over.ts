import { type Indicator, restoreStream, type Stream, type StreamSnapshot } from '@scalpstorm/indicators';
import { assert } from '@scalpstorm/kernel';
import type { Bar, BarDecider, Desk } from './bar-strategy.js';

/** An indicator and its parameters. */
type Use = readonly [
  indicator: Pick<Indicator, 'start' | 'snapshot'>,
  parameters: Readonly<Record<string, number | string>>,
];

/**
 * A decider that remembers nothing but its indicators: what it decides follows from them, the bar and its own standing.
 * @param uses by the name under which `onClose` is given the stream
 */
export function deciderOver<Name extends string>(
  uses: Readonly<Record<Name, Use>>,
  onClose: (streams: Readonly<Record<Name, Stream>>, bar: Bar, desk: Desk) => void,
): BarDecider {
  const names = Object.keys(uses) as Name[];
  const started = names.map((name) => [name, uses[name][0].start(uses[name][1])]);
  const streams = Object.fromEntries(started) as Record<Name, Stream>;
  return {
    onClose: (bar, desk) => onClose(streams, bar, desk),
    snapshot: () => Object.fromEntries(names.map((name) => [name, { ...uses[name][0].snapshot(streams[name]) }])),
    restore(snapshot) {
      for (const name of names) {
        assert(Object.hasOwn(snapshot, name), `a snapshot of a decider lacks ${name}`);
        streams[name] = restoreStream(snapshot[name] as unknown as StreamSnapshot);
      }
    },
  };
}
