import type { Bus } from '@scalpstorm/bus';
import { instrumentsQuestion } from '@scalpstorm/contracts';
import type { Instrument, InstrumentId } from '@scalpstorm/model';
import type { Log } from '@scalpstorm/observability';
import type { Store } from '@scalpstorm/store';
import { Instruments } from '../ports/standing-source.js';

interface InstrumentRow {
  readonly instrument_id: InstrumentId;
  readonly listing: Uint8Array;
}

const batchMax = 500;

/** Instruments, asked of market-data over the bus and remembered, over a restart too. */
export class BusInstruments extends Instruments {
  private known: ReadonlyMap<InstrumentId, Instrument> = new Map();
  /** As they are written down. */
  private readonly written = new Map<InstrumentId, Uint8Array>();
  private asking: Promise<void> | null = null;

  constructor(
    private readonly bus: Bus,
    private readonly store: Store,
    private readonly log: Log,
  ) {
    super();
  }

  async load(): Promise<void> {
    const rows = await this.store.sql<InstrumentRow[]>`select instrument_id, listing from instruments`;
    for (const { instrument_id, listing } of rows) this.written.set(instrument_id, listing);
    this.learn(rows.flatMap(({ listing }) => instrumentsQuestion.reply.decode(listing).instruments));
  }

  /** Whoever asks while an answer is on its way waits for that one. */
  refresh(): Promise<void> {
    this.asking ??= this.ask().finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  get(id: InstrumentId): Instrument | null {
    return this.known.get(id) ?? null;
  }

  venues(): ReadonlySet<string> {
    return new Set([...this.known.values()].map(({ venue }) => venue));
  }

  private async ask(): Promise<void> {
    const { instruments } = await this.bus.ask(instrumentsQuestion, { instrumentId: null });
    this.learn(instruments);
    this.writeDown(instruments).catch((error) => {
      this.log.warn({ error }, 'instruments could not be written down; the next time that they are listed they are');
    });
  }

  // What was listed once stays known: the standing counts in it, and a feed that has just started may not list all of them.
  private learn(instruments: readonly Instrument[]): void {
    this.known = new Map([...this.known, ...instruments.map((instrument) => [instrument.id, instrument] as const)]);
  }

  private async writeDown(instruments: readonly Instrument[]): Promise<void> {
    const rows = instruments.map((instrument): InstrumentRow => {
      const listing = instrumentsQuestion.reply.encode({ instruments: [instrument], lastPrices: [] });
      return { instrument_id: instrument.id, listing };
    });
    const changed = rows.filter(({ instrument_id, listing }) => !same(this.written.get(instrument_id), listing));
    for (let from = 0; from < changed.length; from += batchMax) {
      const batch = changed.slice(from, from + batchMax);
      await this.store.sql`insert into instruments ${this.store.sql(batch)}
        on conflict (instrument_id) do update set listing = excluded.listing`;
      for (const { instrument_id, listing } of batch) this.written.set(instrument_id, listing);
    }
  }
}

const same = (one: Uint8Array | undefined, other: Uint8Array): boolean =>
  one !== undefined && Buffer.compare(one, other) === 0;
