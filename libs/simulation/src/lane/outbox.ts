import { millisecond } from '@scalpstorm/kernel';
import type { SimProcess } from '../services/sim-process.js';
import type { Message } from './broker.js';
import type { SimBus } from './sim-bus.js';

interface Row {
  readonly sequence: number;
  readonly message: Message;
  readonly later: boolean;
}

/** The table `outbox` of one service: what was committed and is not yet published. */
export class OutboxTable {
  private rows: Row[] = [];
  private sequence = 0;

  get depth(): number {
    return this.rows.length;
  }

  /** With the transaction that it tells of. */
  add(messages: readonly Message[], later = false): void {
    for (const message of messages) {
      this.sequence += 1;
      this.rows.push({ sequence: this.sequence, message, later });
    }
  }

  first(max: number): readonly Row[] {
    const soon = this.rows.filter(({ later }) => !later);
    return (soon.length > 0 ? soon : this.rows).slice(0, max);
  }

  delete(gone: readonly Row[]): void {
    const sequences = new Set(gone.map(({ sequence }) => sequence));
    this.rows = this.rows.filter(({ sequence }) => !sequences.has(sequence));
  }
}

const windowMax = 64;
const sweep = 1_000 * millisecond;
const backoffFirst = 100 * millisecond;
const backoffMost = 10_000 * millisecond;

/**
 * Publishes what the table has in the order of its rows, a window at a time, and deletes what was acknowledged; after a failure it goes
 * on from the first that was not, alone until one is. It does what `OutboxRelay` of the platform does, which speaks SQL.
 */
export class Relay {
  private woken = false;
  private endWait: () => void = () => undefined;

  constructor(
    private readonly process: SimProcess,
    private readonly table: OutboxTable,
    private readonly bus: SimBus,
    private readonly deletesFirst = false,
  ) {}

  wake(): void {
    this.woken = true;
    this.endWait();
  }

  async run(): Promise<never> {
    let failures = 0;
    for (;;) {
      this.woken = false;
      const rows = this.table.first(failures > 0 ? 1 : windowMax);
      if (this.deletesFirst) await this.delete(rows);
      const published = await this.publish(rows);
      if (published.length > 0) await this.delete(published);
      failures = published.length < rows.length ? failures + 1 : 0;
      if (failures > 0) await this.wait(Math.min(backoffFirst * 2 ** (failures - 1), backoffMost), false);
      else if (this.table.depth === 0 && !this.woken) await this.wait(sweep, true);
    }
  }

  /** Those that were acknowledged. */
  private async publish(rows: readonly Row[]): Promise<readonly Row[]> {
    const at = { before: 'outbox-before-publish', after: 'outbox-published' } as const;
    const points = this.process.kind === 'execution' ? at : {};
    const answers = await Promise.all(rows.map(({ message }) => this.bus.once(message, points)));
    return rows.filter((_, place) => answers[place] !== null);
  }

  private delete(rows: readonly Row[]): Promise<void> {
    return this.process.call({ there: 200, back: 200, effect: () => this.table.delete(rows) });
  }

  private wait(micros: number, mayBeWoken: boolean): Promise<void> {
    return new Promise((resolve) => {
      const planned = this.process.time.after(micros, this.process, resolve);
      this.endWait = () => {
        if (!mayBeWoken) return;
        this.process.time.cancel(planned);
        resolve();
      };
    });
  }
}
