import { type Bus, NoAnswer } from '@scalpstorm/bus';
import { accountQuestion, instrumentsQuestion } from '@scalpstorm/contracts';
import {
  type Account,
  type FeeRates,
  type Instrument,
  type InstrumentId,
  type Price,
  withFeeRates,
} from '@scalpstorm/model';
import { Gathered } from '@scalpstorm/store';
import { Directory } from '../ports/directory.js';

/** Nobody waits long for what is only good to know. */
const lastPriceTimeoutMs = 1_000;
/** Of accounts that are asked at the same time. */
const feesAtOnce = 8;

/**
 * Instruments and accounts, asked over the bus and remembered; filters change rarely and are asked again now and then.
 * Market data knows the usual fees of a venue; what an account really pays only execution can ask for.
 */
export class BusDirectory extends Directory {
  private readonly listed = new Map<InstrumentId, Instrument>();
  /** Of the instruments that somebody asked for, by account. */
  private readonly fees = new Map<InstrumentId, Map<string, FeeRates>>();

  /** Both together, made once: a bot asks at every price. */
  private readonly merged = new Map<InstrumentId, Map<string, Instrument>>();

  /** Many bots that ask for the same thing at once ask once. */
  private readonly underWay = new Map<string, Promise<void>>();

  /** Every bot that is created asks for them; an account that was added before a question is in its answer. */
  private readonly listings: Gathered<null, readonly Account[]>;

  constructor(private readonly bus: Bus) {
    super();
    this.listings = new Gathered(async (asked) => {
      const answer = await bus.ask(accountQuestion, { kind: 'list', accountId: '' });
      const accounts = answer.ok ? answer.value.accounts : [];
      return asked.map(() => accounts);
    });
  }

  async instrument(id: InstrumentId, accountId?: string): Promise<Instrument | null> {
    if (!this.listed.has(id)) await this.together('', () => this.refreshListed());
    if (this.listed.has(id) && (this.fees.get(id)?.size ?? 0) === 0)
      await this.together(id, () => this.refreshFees(id));
    return this.knownInstrument(id, accountId);
  }

  knownInstrument(id: InstrumentId, accountId = ''): Instrument | null {
    const known = this.merged.get(id)?.get(accountId);
    if (known !== undefined) return known;
    const instrument = this.merge(id, accountId);
    const ofInstrument = this.merged.get(id) ?? new Map<string, Instrument>();
    if (instrument !== null) this.merged.set(id, ofInstrument.set(accountId, instrument));
    return instrument;
  }

  async refresh(): Promise<void> {
    await this.refreshListed();
    for (const id of this.fees.keys()) await this.refreshFees(id);
  }

  symbols(venue: string): readonly string[] {
    return [...this.listed.values()].filter((instrument) => instrument.venue === venue).map(({ symbol }) => symbol);
  }

  async lastPrice(id: InstrumentId): Promise<Price | null> {
    try {
      const { lastPrices } = await this.bus.ask(instrumentsQuestion, { instrumentId: id }, lastPriceTimeoutMs);
      return lastPrices.find(({ instrumentId }) => instrumentId === id)?.price ?? null;
    } catch (error) {
      if (error instanceof NoAnswer) return null;
      throw error;
    }
  }

  accounts(): Promise<readonly Account[]> {
    return this.listings.ask(null);
  }

  private together(key: string, ask: () => Promise<void>): Promise<void> {
    const known = this.underWay.get(key);
    if (known !== undefined) return known;
    const asked = ask().finally(() => this.underWay.delete(key));
    this.underWay.set(key, asked);
    return asked;
  }

  private merge(id: InstrumentId, accountId: string): Instrument | null {
    const instrument = this.listed.get(id) ?? null;
    const known = this.fees.get(id);
    if (instrument === null || known === undefined) return instrument;
    const rates = known.get(accountId) ?? dearest([...known.values()]);
    return rates === null ? instrument : withFeeRates(instrument, rates);
  }

  private async refreshListed(): Promise<void> {
    const { instruments } = await this.bus.ask(instrumentsQuestion, { instrumentId: null });
    for (const instrument of instruments) this.listed.set(instrument.id, instrument);
    this.merged.clear();
  }

  /** Without an answer what was known stays: a fee that is a little wrong must not stop a bot. */
  private async refreshFees(id: InstrumentId): Promise<void> {
    const known = this.fees.get(id) ?? new Map<string, FeeRates>();
    this.fees.set(id, known);
    try {
      const there = (await this.accounts()).filter(({ venue }) => id.startsWith(`${venue}:`)).values();
      const lane = async () => {
        for (const { id: accountId } of there) {
          const answer = await this.bus.ask(accountQuestion, { kind: 'fees', accountId, instrumentId: id });
          for (const rates of answer.ok ? (answer.value.fees ?? []) : []) known.set(accountId, rates);
        }
      };
      const ended = await Promise.allSettled(Array.from({ length: feesAtOnce }, lane));
      const failed = ended.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
    } finally {
      this.merged.delete(id);
    }
  }
}

/** Whoever does not say for which account must not be told less than it may cost. */
function dearest(rates: readonly FeeRates[]): FeeRates | null {
  const [first] = rates;
  if (first === undefined) return null;
  const highest = (name: 'makerFeeRate' | 'takerFeeRate'): string =>
    rates.reduce((most, one) => (Number(one[name]) > Number(most) ? one[name] : most), first[name]);
  return { ...first, makerFeeRate: highest('makerFeeRate'), takerFeeRate: highest('takerFeeRate') };
}
