import { millisecond, Timestamp } from '@scalpstorm/kernel';
import type { ClientOrderId, OrderRequest } from '@scalpstorm/model';
import type { Log, WallClock } from '@scalpstorm/observability';
import type { Store } from '@scalpstorm/store';
import { type Given, type Telling, type Verdict, Verdicts } from '../ports/verdicts.js';
import { VerdictChain } from './verdict-chain.js';
import { rowOf, type VerdictRow, verdictOf } from './verdict-row.js';
import type { VerdictStream } from './verdict-stream.js';

/** What memory has lost is still in the table, where only ids that are asked for again are looked up. */
const rememberedMax = 50_000;
/** Rows that may wait to be written; past it the gate waits for Postgres, because verdicts are an audit trail. */
const waitingMax = 5_000;
const batchMax = 500;
const pruneBatchesMax = 100;
/** Repeats within it are one question that came several times; whoever lost a denial asks again after it. */
const retellAfter = 2_000 * millisecond;

/** Told through the stream of verdicts, which keeps the first of an id; written to Postgres behind. */
export class BusVerdicts extends Verdicts {
  private readonly remembered = new Map<ClientOrderId, Given>();
  /** Decided, and on their way to the stream: when that fails, the same is said again. As many as are handled at once. */
  private readonly pending = new Map<ClientOrderId, Verdict>();
  private waiting: VerdictRow[] = [];
  private writing: Promise<void> | null = null;

  constructor(
    private readonly stream: VerdictStream,
    private readonly store: Store,
    private readonly clock: WallClock,
    private readonly log: Log,
    private readonly chain = new VerdictChain(store),
  ) {
    super();
  }

  async load(): Promise<void> {
    const rows = await this.store.sql<VerdictRow[]>`
      select * from verdicts order by decided_at_us desc limit ${rememberedMax}`;
    for (const row of rows.reverse()) this.remember(row.client_order_id, givenOf(row));
  }

  async find(clientOrderId: ClientOrderId, ask: number): Promise<Given | null> {
    const known = this.remembered.get(clientOrderId);
    if (known !== undefined) return known;
    const pending = this.pending.get(clientOrderId);
    if (pending !== undefined) return { verdict: pending, toldAt: null };
    return ask === 0 ? null : this.lookUp(clientOrderId);
  }

  async tell(order: OrderRequest, verdict: Verdict, { causedBy }: Telling): Promise<Verdict | null> {
    const id = order.clientOrderId;
    this.pending.set(id, verdict);
    // Where an earlier life of the gate was first, what it said stands; it may have died before it wrote that down.
    const told = await this.stream.tell(order, verdict, { causedBy, messageId: `verdict:${id}` });
    const first = told ?? (await this.lookUp(id));
    this.pending.delete(id);
    if (first === null) return null;
    this.remember(id, first);
    if (told !== null) await this.writeBehind(rowOf(order, told.verdict, told.toldAt ?? this.clock.now()));
    return first.verdict;
  }

  async tellAgain(order: OrderRequest, { verdict, toldAt }: Given, { causedBy, ask }: Telling): Promise<void> {
    const id = order.clientOrderId;
    const now = this.clock.now();
    // The stream keeps the first of an id. What was lost on the way needs an id of its own, or it is taken for a duplicate. An
    // approval that still holds is never said twice: when its time is over execution, which sends nothing then, says what
    // became of it.
    const settled = verdict.kind === 'approved' ? now > verdict.expiresAt : true;
    const lost = ask > 0 && settled && toldAt !== null && now >= Timestamp.plus(toldAt, retellAfter);
    await this.stream.repeat(order, verdict, { causedBy, messageId: `verdict:${id}${lost ? `:${ask}` : ''}` });
    this.remembered.set(id, { verdict, toldAt: lost ? now : toldAt });
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

  async prune(before: Timestamp): Promise<number> {
    let forgotten = 0;
    for (let batch = 0; batch < pruneBatchesMax; batch += 1) {
      const count = await this.chain.prune(before);
      forgotten += count;
      if (count === 0) break;
    }
    return forgotten;
  }

  /** What is told and not yet written is in memory. */
  private async lookUp(id: ClientOrderId): Promise<Given | null> {
    const [row] = await this.store.sql<VerdictRow[]>`select * from verdicts where client_order_id = ${id}`;
    if (row === undefined) return null;
    this.remember(id, givenOf(row));
    return givenOf(row);
  }

  private remember(id: ClientOrderId, given: Given): void {
    if (this.remembered.has(id)) return;
    this.remembered.set(id, given);
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
        await this.chain.add(rows);
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

const givenOf = (row: VerdictRow): Given => ({
  verdict: verdictOf(row),
  toldAt: Timestamp.fromMicros(Number(row.decided_at_us)),
});
