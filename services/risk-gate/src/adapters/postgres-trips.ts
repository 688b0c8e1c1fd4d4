import { Timestamp } from '@scalpstorm/kernel';
import { RiskScope, type TradingState } from '@scalpstorm/model';
import type { Lease, Store, Transaction } from '@scalpstorm/store';
import { type KeptTrip, Trips } from '../ports/trips.js';

interface TripRow {
  readonly scope: string;
  readonly breaker: string;
  readonly since_us: string;
  readonly until_us: string;
  readonly needs_person: boolean;
  readonly before_state: TradingState;
  readonly before_text: string;
  readonly before_by: string;
  readonly before_operator: boolean;
  readonly limit_text: string;
  readonly value_text: string;
}

/** Trips in the schema of risk-gate. */
export class PostgresTrips extends Trips {
  private readonly trips = new Map<string, KeptTrip>();

  constructor(
    private readonly store: Store,
    private readonly lease: Pick<Lease, 'prove'>,
  ) {
    super();
  }

  async load(): Promise<void> {
    const rows = await this.store.sql<TripRow[]>`select * from breaker_trips`;
    for (const row of rows) {
      const scope = RiskScope.parse(row.scope);
      if (scope !== null) this.trips.set(row.scope, tripOf(scope, row));
    }
  }

  of(scope: RiskScope): KeptTrip | null {
    return this.trips.get(RiskScope.format(scope)) ?? null;
  }

  due(now: Timestamp): readonly KeptTrip[] {
    return [...this.trips.values()].filter(({ until }) => until <= now);
  }

  async keep(trip: KeptTrip): Promise<void> {
    await this.store.transaction(async (tx) => {
      await this.lease.prove(tx);
      await writeTrip(tx, trip);
    });
    this.trips.set(RiskScope.format(trip.scope), trip);
  }

  async end({ scope, since }: Pick<KeptTrip, 'scope' | 'since'>): Promise<void> {
    const row = RiskScope.format(scope);
    await this.store.transaction(async (tx) => {
      await this.lease.prove(tx);
      await tx`delete from breaker_trips where scope = ${row} and since_us = ${since}`;
    });
    if (this.trips.get(row)?.since === since) this.trips.delete(row);
  }
}

/** In place of the one before of its scope. */
export async function writeTrip(tx: Transaction, trip: KeptTrip): Promise<void> {
  const scope = RiskScope.format(trip.scope);
  const row = {
    scope,
    breaker: trip.breaker,
    since_us: trip.since,
    until_us: trip.until,
    needs_person: trip.needsPerson,
    before_state: trip.before.state,
    before_text: trip.before.text,
    before_by: trip.before.by,
    before_operator: trip.before.operator,
    limit_text: trip.limit,
    value_text: trip.value,
  };
  await tx`delete from breaker_trips where scope = ${scope}`;
  await tx`insert into breaker_trips ${tx(row)}`;
}

const tripOf = (scope: RiskScope, row: TripRow): KeptTrip => ({
  scope,
  breaker: row.breaker,
  since: Timestamp.fromMicros(Number(row.since_us)),
  until: Timestamp.fromMicros(Number(row.until_us)),
  needsPerson: row.needs_person,
  before: {
    state: row.before_state,
    text: row.before_text,
    by: row.before_by,
    operator: row.before_operator,
  },
  limit: row.limit_text,
  value: row.value_text,
});
