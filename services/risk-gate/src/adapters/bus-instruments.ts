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
    this.known = new Map(instruments.map((instrument) => [instrument.id, instrument]));
  }

  get(id: InstrumentId): Instrument | null {
    return this.known.get(id) ?? null;
  }
}
