import type { Bus } from '@scalpstorm/bus';
import { instrumentsQuestion } from '@scalpstorm/contracts';
import type { Instrument, InstrumentId } from '@scalpstorm/model';
import { Instruments } from '../ports/standing-source.js';

/** Instruments, asked of market-data over the bus and remembered. */
export class BusInstruments extends Instruments {
  private known: ReadonlyMap<InstrumentId, Instrument> = new Map();
  private asking: Promise<void> | null = null;

  constructor(private readonly bus: Bus) {
    super();
  }

  /** Whoever asks while an answer is on its way waits for that one. */
  refresh(): Promise<void> {
    this.asking ??= this.ask().finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  private async ask(): Promise<void> {
    const { instruments } = await this.bus.ask(instrumentsQuestion, { instrumentId: null });
    // What was listed once stays known: the standing counts in it, and a feed that has just started may not list all of them.
    this.known = new Map([...this.known, ...instruments.map((instrument) => [instrument.id, instrument] as const)]);
  }

  get(id: InstrumentId): Instrument | null {
    return this.known.get(id) ?? null;
  }
}
