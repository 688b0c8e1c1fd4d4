import type { Fault, Plan } from './faults/plan.js';
import { type Run, type RunOptions, run } from './simulate.js';

/** A smaller run with the same violation takes no longer to look for than this many runs. */
const runsMax = 120;

/** The fewest faults, as far as one looks, with which the same invariant is broken. */
export async function shrink(found: Run, options: RunOptions): Promise<Run> {
  const [violation] = found.violations;
  if (violation === undefined) return found;
  let best = found;
  let runs = 0;
  const tryWithout = async (gone: ReadonlySet<Fault>): Promise<boolean> => {
    runs += 1;
    const faults = best.plan.faults.filter((fault) => !gone.has(fault));
    const plan: Plan = { ...best.plan, faults };
    const smaller = await run(found.seed, { ...options, plan });
    if (smaller.violations[0]?.invariant !== violation.invariant) return false;
    best = smaller;
    return true;
  };
  for (let size = Math.ceil(best.plan.faults.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.plan.faults.length && runs < runsMax; ) {
      const gone = new Set(best.plan.faults.slice(from, from + size));
      if (!(await tryWithout(gone))) from += size;
    }
  }
  return best;
}
