import { type Bus, newMeta } from '@scalpstorm/bus';
import { orderApproved, orderDenied } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import type { ClientOrderId, OrderRequest } from '@scalpstorm/model';
import type { Log, WallClock } from '@scalpstorm/observability';
import type { Store } from '@scalpstorm/store';
import { type Telling, type Verdict, Verdicts } from '../ports/verdicts.js';

/** Longer than the stream remembers message ids, so that no repeated request falls between the two memories. */
const rememberedMax = 50_000;
/** Rows that may wait to be written; past it the gate waits for Postgres, because verdicts are an audit trail. */
const waitingMax = 5_000;
const batchMax = 500;

interface VerdictRow {
  readonly client_order_id: ClientOrderId;
  readonly account_id: string;
  readonly user_id: string;
  readonly bot_id: string | null;
  readonly approved: boolean;
  readonly code: string | null;
  readonly text: string | null;
  readonly limit_text: string | null;
  readonly value_text: string | null;
  readonly next_text: string | null;
  readonly decided_at_us: number | string;
  readonly expires_at_us: number | string | null;
}

/** Told through the stream of verdicts, which keeps the first of an id; written to Postgres behind. */
export class BusVerdicts extends Verdicts {
  private readonly remembered = new Map<ClientOrderId, Verdict>();
  private waiting: VerdictRow[] = [];
  private writing: Promise<void> | null = null;

  constructor(
    private readonly bus: Bus,
    private readonly store: Store,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {
    super();
  }

  async load(): Promise<void> {
    const rows = await this.store.sql<VerdictRow[]>`
      select * from verdicts order by decided_at_us desc limit ${rememberedMax}`;
    for (const row of rows.reverse()) this.remember(row.client_order_id, verdictOf(row));
  }

  of(clientOrderId: ClientOrderId): Verdict | null {
    return this.remembered.get(clientOrderId) ?? null;
  }

  async tell(order: OrderRequest, verdict: Verdict, { causedBy, repeat }: Telling): Promise<{ first: boolean }> {
    this.remember(order.clientOrderId, verdict);
    const meta = newMeta(this.clock, causedBy);
    // The stream keeps the first of an id. An approval that is asked for after its time was lost on the way: told again it
    // must not be taken for a duplicate, and execution, which sends nothing after the time, says what became of it.
    const lost = verdict.kind === 'approved' && repeat > 0 && this.clock.now() > verdict.expiresAt;
    const messageId = `verdict:${order.clientOrderId}${lost ? `:${repeat}` : ''}`;
    const { duplicate } =
      verdict.kind === 'approved'
        ? await this.bus.send(orderApproved, { meta, order, expiresAt: verdict.expiresAt }, messageId)
        : await this.bus.send(orderDenied, { meta, order, denial: verdict.denial }, messageId);
    if (!duplicate) await this.writeBehind(rowOf(order, verdict, this.clock.now()));
    return { first: !duplicate };
  }

  async drain(msMax: number): Promise<void> {
    const written = async () => {
      while (this.writing) await this.writing;
    };
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, msMax);
    });
    await Promise.race([written(), late]);
    clearTimeout(timer);
  }

  private remember(id: ClientOrderId, verdict: Verdict): void {
    if (this.remembered.has(id)) return;
    this.remembered.set(id, verdict);
    const oldest = this.remembered.keys().next().value;
    if (this.remembered.size > rememberedMax && oldest !== undefined) this.remembered.delete(oldest);
  }

  private async writeBehind(row: VerdictRow): Promise<void> {
    this.waiting.push(row);
    this.writing ??= this.write().finally(() => {
      this.writing = null;
    });
    if (this.waiting.length > waitingMax) await this.writing;
  }

  private async write(): Promise<void> {
    let pauseMs = 100;
    while (this.waiting.length > 0) {
      const rows = this.waiting.slice(0, batchMax);
      try {
        await this.store.sql`insert into verdicts ${this.store.sql(rows)} on conflict do nothing`;
        this.waiting = this.waiting.slice(rows.length);
        pauseMs = 100;
      } catch (error) {
        this.log.warn({ error, waiting: this.waiting.length }, 'verdicts could not be written down yet');
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        pauseMs = Math.min(5_000, pauseMs * 2);
      }
    }
  }
}

function rowOf(order: OrderRequest, verdict: Verdict, decidedAt: Timestamp): VerdictRow {
  const denial = verdict.kind === 'denied' ? verdict.denial : null;
  return {
    client_order_id: order.clientOrderId,
    account_id: order.accountId,
    user_id: order.userId,
    bot_id: order.botId,
    approved: verdict.kind === 'approved',
    code: denial?.code ?? null,
    text: denial?.text ?? null,
    limit_text: denial?.limit ?? null,
    value_text: denial?.value ?? null,
    next_text: denial?.next ?? null,
    decided_at_us: decidedAt,
    expires_at_us: verdict.kind === 'approved' ? verdict.expiresAt : null,
  };
}

function verdictOf(row: VerdictRow): Verdict {
  if (row.approved) return { kind: 'approved', expiresAt: Timestamp.fromMicros(Number(row.expires_at_us ?? 0)) };
  const denial = {
    code: row.code ?? '',
    text: row.text ?? '',
    limit: row.limit_text ?? '',
    value: row.value_text ?? '',
    next: row.next_text ?? '',
  };
  return { kind: 'denied', denial };
}
