import type { Bus, Hearing } from '@scalpstorm/bus';
import type { MatchByContent, RiskLimits } from '@scalpstorm/engine';
import type { AccountStates, Ledger, OrderPlans, Venues } from '@scalpstorm/execution/simulation';
import type { WallClock } from '@scalpstorm/observability';
import type { ExecutionVenue } from '@scalpstorm/venue-api';
import type { SimProcess } from './sim-process.js';

/**
 * Where a mutant is planted: what a part of a process is given instead of what it should be given. A world without a mutant leaves all
 * of them as they are.
 */
export interface Seams {
  /** The connection to the venue, for everything in execution. */
  readonly venue?: (venue: ExecutionVenue, process: SimProcess) => ExecutionVenue;
  /** What `ResolveUnknown` sees of the venues. */
  readonly venuesOfResolve?: (venues: Venues, process: SimProcess) => Venues;
  /** The books, for everything in execution. */
  readonly ledger?: (ledger: Ledger, process: SimProcess) => Ledger;
  readonly ledgerOfResolve?: (ledger: Ledger) => Ledger;
  /** What execution may do with its account at the moment. */
  readonly states?: (states: AccountStates) => AccountStates;
  readonly plans?: (plans: OrderPlans) => OrderPlans;
  /** For the handler of cancels, with the connection to the venue. */
  readonly ledgerOfCancels?: (ledger: Ledger, venue: ExecutionVenue) => Ledger;
  /** The clock by which execution judges whether an approval still holds. */
  readonly clockOfApprovals?: (clock: WallClock) => WallClock;
  /** How orders are told that a venue without our ids has. */
  readonly matchesOrders?: MatchByContent;
  readonly bus?: (bus: Bus, process: SimProcess) => Bus;
  readonly hears?: (hears: readonly Hearing[], process: SimProcess) => readonly Hearing[];
  readonly limits?: (limits: RiskLimits) => RiskLimits;
  /** Reservations are given back when their time is over, whatever the books say. */
  readonly releasesByTimeAlone?: boolean;
  /** How long a gate that starts lets the approvals of its earlier life expire. */
  readonly approvalLifeOfRebuildMs?: number;
  /** The database proves the token of whoever writes. */
  readonly checksFence?: boolean;
  /** A commit is answered before it is durable. */
  readonly answersBeforeCommit?: boolean;
  /** How long an order stands as it does is counted by the clock that is put forward and back. */
  readonly agesByWallClock?: boolean;
  /** A trading state is answered and never written. */
  readonly forgetsStates?: boolean;
  /** What was said of trading is read when execution starts, and not again. */
  readonly readsHaltsOnce?: boolean;
  /** A verdict stands in its table otherwise than it was bound into the chain. */
  readonly editsVerdicts?: boolean;
  /** Rows leave the outbox before they are published. */
  readonly deletesBeforePublish?: boolean;
  /** Nothing is compared but at the start. */
  readonly comparesAtStartOnly?: boolean;
}
