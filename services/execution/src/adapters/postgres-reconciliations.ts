import { newMeta, outboxMessage } from '@scalpstorm/bus';
import { type Difference, type Reconciled, reconciled } from '@scalpstorm/contracts';
import { type AccountId, formatDecimal, type InstrumentId, moneyDecimals, TradeId } from '@scalpstorm/model';
import type { WallClock } from '@scalpstorm/observability';
import type { Outbox, Store, Transaction } from '@scalpstorm/store';
import type { Totals } from '../domain/balances.js';
import { toldDifferences } from '../domain/differences.js';
import { contentOf } from '../domain/fill-content.js';
import { type FillRow, fillFromRow, rowFromFill } from '../domain/fill-row.js';
import type { RefusedFill } from '../domain/refused-fill.js';
import { Reconciliations } from '../ports/reconciliations.js';
import { exactUnits } from './exact-units.js';

interface RefusedRow {
  readonly id: bigint;
  readonly body: FillRow;
  readonly fault: RefusedFill['fault'];
  readonly booked: string;
  readonly count: number;
}

/** In one statement, which has a greatest number of parameters. */
const rowsMax = 1_000;

/** Who holds the leases of the accounts. */
export interface AccountWriter {
  /** @throws BrokenInvariant unless what the transaction writes for the account is ours to write until it is committed */
  prove(tx: Transaction, accountId: AccountId): Promise<void>;
}

export interface ReconciliationParts {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly clock: WallClock;
  readonly writer: AccountWriter;
}

/**
 * Baselines and differences in the schema of execution. A writer that was thought dead may have compared the venue of then with the
 * books of now: it writes nothing.
 */
export class PostgresReconciliations extends Reconciliations {
  private readonly open = new Map<AccountId, readonly Difference[]>();

  constructor(private readonly parts: ReconciliationParts) {
    super();
  }

  async baseline(accountId: AccountId): Promise<Totals | null> {
    const rows = await this.parts.store.sql<{ currency: string; amount: string }[]>`
      select currency, amount::text as amount from baselines where account_id = ${accountId}`;
    if (rows.length === 0) return null;
    return new Map(rows.map(({ currency, amount }) => [currency, exactUnits(amount)]));
  }

  async setBaseline(accountId: AccountId, baseline: Totals, reason: string): Promise<void> {
    const rows = [...baseline].map(([currency, amount]) => ({
      account_id: accountId,
      currency,
      amount: formatDecimal(amount, moneyDecimals),
      reason,
    }));
    if (rows.length === 0) return;
    await this.write(
      accountId,
      (tx) => tx`insert into baselines ${tx(rows)}
        on conflict (account_id, currency) do update
          set amount = excluded.amount, reason = excluded.reason, recorded_at = now()`,
    );
  }

  async fillMark(accountId: AccountId, instrumentId: InstrumentId): Promise<TradeId | null> {
    const rows = await this.parts.store.sql<{ trade_id: string }[]>`
      select trade_id from fill_marks where account_id = ${accountId} and instrument_id = ${instrumentId}`;
    return rows[0] ? TradeId.of(rows[0].trade_id) : null;
  }

  async setFillMark(accountId: AccountId, instrumentId: InstrumentId, tradeId: TradeId): Promise<void> {
    await this.write(
      accountId,
      (tx) => tx`insert into fill_marks (account_id, instrument_id, trade_id)
        values (${accountId}, ${instrumentId}, ${tradeId})
        on conflict (account_id, instrument_id) do update set trade_id = excluded.trade_id`,
    );
  }

  async keepRefused(accountId: AccountId, { fill, fault, booked }: RefusedFill): Promise<boolean> {
    const body = JSON.stringify(rowFromFill(accountId, fill));
    const kept = await this.write(
      accountId,
      (tx) => tx`
        insert into refused_fills (account_id, instrument_id, trade_id, told, body, fault, booked)
        values (${accountId}, ${fill.instrumentId}, ${fill.tradeId}, ${contentOf(fill)}, ${body}::text::jsonb, ${fault}, ${booked})
        on conflict do nothing returning 1`,
    );
    return kept.length > 0;
  }

  async openRefused(accountId: AccountId, limit: number) {
    const rows = await this.parts.store.sql<RefusedRow[]>`
      select id, body, fault, booked, (select count(*)::int from refused_fills
               where account_id = ${accountId} and closed_at is null) as count
        from refused_fills where account_id = ${accountId} and closed_at is null order by id limit ${limit}`;
    const open = rows.map(({ id, body, fault, booked }) => ({ id, fill: fillFromRow(body), fault, booked }));
    return { rows: open, count: rows[0]?.count ?? 0 };
  }

  async closeRefused(accountId: AccountId, id: bigint, by: string): Promise<void> {
    await this.write(
      accountId,
      (tx) => tx`update refused_fills set closed_at = now(), closed_by = ${by}
        where id = ${id.toString()} and account_id = ${accountId} and closed_at is null`,
    );
  }

  async conclude(run: Omit<Reconciled, 'meta'>): Promise<void> {
    const { accountId, trigger, differences } = run;
    const before = this.unrepaired(accountId);
    const told = new Set(before.map(fingerprint));
    const fresh = differences.filter((difference) => !told.has(fingerprint(difference)));
    const open = differences.filter((difference) => !difference.repaired);
    // A timer run that found what the last one found is no news; every other run is.
    if (trigger === 'timer' && fresh.length === 0 && open.length === before.length) return;
    const rows = fresh.map(({ kind, subject, ours, theirs, decision, repaired }) => ({
      account_id: accountId,
      trigger,
      kind,
      subject,
      ours,
      theirs,
      decision,
      repaired,
    }));
    await this.write(accountId, async (tx) => {
      for (let at = 0; at < rows.length; at += rowsMax)
        await tx`insert into differences ${tx(rows.slice(at, at + rowsMax))}`;
      const told = { ...run, differences: toldDifferences(accountId, differences) };
      await this.parts.outbox.add(tx, [outboxMessage(reconciled, { meta: newMeta(this.parts.clock, null), ...told })]);
    });
    this.open.set(accountId, open);
    this.parts.outbox.wake();
  }

  unrepaired(accountId: AccountId): readonly Difference[] {
    return this.open.get(accountId) ?? [];
  }

  private write<T>(accountId: AccountId, work: (tx: Transaction) => Promise<T> | PromiseLike<T>): Promise<T> {
    const { store, writer } = this.parts;
    return store.transaction(async (tx) => {
      const [, written] = await Promise.all([writer.prove(tx, accountId), work(tx)]);
      return written;
    });
  }
}

const fingerprint = ({ kind, subject, ours, theirs }: Difference): string =>
  JSON.stringify([kind, subject, ours, theirs]);
