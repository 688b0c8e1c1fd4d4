import type { Bus } from '@scalpstorm/bus';
import { accountQuestion, instrumentsQuestion } from '@scalpstorm/contracts';
import type { Account, Instrument, InstrumentId } from '@scalpstorm/model';
import { Directory } from '../ports/directory.js';

/** Instruments and accounts, asked over the bus and remembered; filters change rarely and are asked again now and then. */
export class BusDirectory extends Directory {
  private readonly instruments = new Map<InstrumentId, Instrument>();

  constructor(private readonly bus: Bus) {
    super();
  }

  async instrument(id: InstrumentId): Promise<Instrument | null> {
    const known = this.instruments.get(id);
    if (known) return known;
    await this.refresh();
    return this.instruments.get(id) ?? null;
  }

  knownInstrument(id: InstrumentId): Instrument | null {
    return this.instruments.get(id) ?? null;
  }

  async refresh(): Promise<void> {
    const { instruments } = await this.bus.ask(instrumentsQuestion, { instrumentId: null });
    for (const instrument of instruments) this.instruments.set(instrument.id, instrument);
  }

  async accounts(): Promise<readonly Account[]> {
    const answer = await this.bus.ask(accountQuestion, { kind: 'list', accountId: '' });
    return answer.ok ? answer.value.accounts : [];
  }
}
