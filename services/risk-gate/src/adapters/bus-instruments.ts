import type { Bus } from '@scalpstorm/bus';
import { instrumentsQuestion } from '@scalpstorm/contracts';
import type { Instrument, InstrumentId } from '@scalpstorm/model';
import { Instruments } from '../ports/standing-source.js';

/** Instruments, asked of market-data over the bus and remembered. */
export class BusInstruments extends Instruments {
  private known: ReadonlyMap<InstrumentId, Instrument> = new Map();

  constructor(private readonly bus: Bus) {
    super();
  }

  async refresh(): Promise<void> {
    const { instruments } = await this.bus.ask(instrumentsQuestion, { instrumentId: null });
    this.known = new Map(instruments.map((instrument) => [instrument.id, instrument]));
  }

  get(id: InstrumentId): Instrument | null {
    return this.known.get(id) ?? null;
  }
}
