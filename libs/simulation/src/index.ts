export { type Invariant, invariants, type Violation } from './checks/violation.js';
export { type CrashPoint, crashPoints } from './faults/crash-points.js';
export type { Fault, Plan } from './faults/plan.js';
export { mutantOf, mutants } from './mutants/mutants.js';
export type { Mutant } from './mutants/wrapped.js';
export { shrink } from './shrink.js';
export { planFor, type Run, type RunOptions, run } from './simulate.js';
