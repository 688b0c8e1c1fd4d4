import type { Hearing } from '@scalpstorm/bus';
import type { Ledger } from '@scalpstorm/execution/simulation';
import type { ExecutionListener, ExecutionVenue, PlaceOutcome } from '@scalpstorm/venue-api';
import type { ProcessKind } from '../faults/crash-points.js';
import type { Seams } from '../services/seams.js';

/** A bug that somebody might write, planted through a seam of the simulation; no line of the product knows of it. */
export interface Mutant {
  readonly name: string;
  /** What is wrong with it, for people. */
  readonly text: string;
  readonly seams: Seams;
}

/** The same object but for some of its methods; what is not replaced is called on the original, which keeps its state in itself. */
export function wrapped<T extends object>(object: T, replaced: Partial<T>): T {
  return new Proxy(object, {
    get: (target, name) => {
      const own: unknown = Reflect.get(replaced, name);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  });
}

type AfterPlacing = (outcome: PlaceOutcome, again: () => Promise<PlaceOutcome>) => PlaceOutcome | Promise<PlaceOutcome>;

/** A connection that makes something else of the answer to a placement. */
export const placing =
  (change: AfterPlacing): Seams['venue'] =>
  (venue) =>
    wrapped<ExecutionVenue>(venue, {
      place: async (request, options) => {
        const place = () => venue.place(request, options);
        return change(await place(), place);
      },
    });

/** A connection whose listener hears something else. */
export const listening =
  (change: (listener: ExecutionListener) => Partial<ExecutionListener>): Seams['venue'] =>
  (venue) =>
    wrapped<ExecutionVenue>(venue, { open: (listener) => venue.open({ ...listener, ...change(listener) }) });

type Change = Parameters<Ledger['record']>[0];

/** Books that are told something else. */
export const recording =
  (change: (given: Change, ledger: Ledger) => Change | Promise<Change>): Seams['ledger'] =>
  (ledger) =>
    wrapped<Ledger>(ledger, { record: async (given) => ledger.record(await change(given, ledger)) });

/** What a process hears of one kind, handled otherwise. */
export const hearing =
  (kind: ProcessKind, name: string, change: (one: Hearing) => Hearing['handle']): Seams['hears'] =>
  (hears, process) => {
    if (process.kind !== kind) return hears;
    return hears.map((one) => (one.contract.name === name ? { ...one, handle: change(one) } : one));
  };
