import {
  type Bench,
  rememberedTries,
  type Stretch,
  type Tried,
  type TriesPlan,
  triesBySweep,
} from '@scalpstorm/backtest';
import type { JsonObject } from '@scalpstorm/model';
import type { JobFile } from './job-file.js';
import type { TrialRegistry } from './trial-registry.js';

export interface BenchParts {
  readonly registry: TrialRegistry;
  /** Null: nothing is remembered. */
  readonly job: JobFile | null;
  readonly onTried: (stretch: Stretch, tried: Tried) => void;
}

/** Runs what a job does not have yet, and writes down what was run before anything is made of it. */
export function benchOf(plan: TriesPlan, { registry, job, onTried }: BenchParts): Bench {
  const count = (stretch: Stretch, parameters: JsonObject, tried: Tried) => {
    const isWhole = stretch.from === 0 && stretch.to === plan.bars.length;
    // What could not be run showed nothing that could be chosen.
    if ('figures' in tried) registry.add(parameters, isWhole ? tried.figures.sharpePerBar : null);
    onTried(stretch, tried);
  };
  const run = triesBySweep(plan, (stretch, parameters, tried) => {
    job?.add(stretch, parameters, tried);
    count(stretch, parameters, tried);
  });
  // What is known counts although it was made before: the registry may be another one, or gone.
  const tries = rememberedTries(run, {
    find: (stretch, parameters) => job?.find(stretch, parameters),
    onKnown: count,
  });
  return {
    tries,
    async everTried() {
      await registry.read();
      return registry.made();
    },
  };
}
