import { Injectable } from '@nestjs/common';
import { Currency, type Instrument, InstrumentId, Money, Price, Quantity, VenueId } from '@scalpstorm/model';
import { Store } from '@scalpstorm/store';
import { InstrumentStore } from '../ports/instrument-store.js';

/** A row of `instruments`; NUMERIC comes as an exact decimal text. */
interface InstrumentRow {
  readonly id: string;
  readonly venue: string;
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly status: string;
  readonly tick_size: string;
  readonly price_min: string;
  readonly price_max: string;
  readonly step_size: string;
  readonly quantity_min: string;
  readonly quantity_max: string;
  /** Null in a row that was written before there was the column; so are the next two. */
  readonly market_quantity_max: string | null;
  readonly market_step_size: string | null;
  readonly market_quantity_min: string | null;
  readonly notional_min: string;
  readonly market_notional_max: string | null;
  readonly maker_fee_rate: string;
  readonly taker_fee_rate: string;
}

@Injectable()
export class PostgresInstrumentStore extends InstrumentStore {
  constructor(private readonly store: Store) {
    super();
  }

  async save(instruments: readonly Instrument[]): Promise<void> {
    if (instruments.length === 0) return;
    const rows = instruments.map(rowOf);
    await this.store.transaction(async (tx) => {
      await tx`
        insert into instruments ${tx(rows)}
        on conflict (id) do update set
          status = excluded.status, tick_size = excluded.tick_size, price_min = excluded.price_min,
          price_max = excluded.price_max, step_size = excluded.step_size, quantity_min = excluded.quantity_min,
          quantity_max = excluded.quantity_max, market_quantity_max = excluded.market_quantity_max,
          market_step_size = excluded.market_step_size, market_quantity_min = excluded.market_quantity_min,
          notional_min = excluded.notional_min, market_notional_max = excluded.market_notional_max,
          maker_fee_rate = excluded.maker_fee_rate, taker_fee_rate = excluded.taker_fee_rate, updated_at = now()`;
    });
  }

  async all(): Promise<readonly Instrument[]> {
    const rows = await this.store.sql<InstrumentRow[]>`select * from instruments order by id`;
    return rows.map(instrumentOf);
  }
}

const rowOf = (instrument: Instrument): InstrumentRow => ({
  id: instrument.id,
  venue: instrument.venue,
  symbol: instrument.symbol,
  base: instrument.base,
  quote: instrument.quote,
  status: instrument.status,
  tick_size: Price.format(instrument.tickSize),
  price_min: Price.format(instrument.priceMin),
  price_max: Price.format(instrument.priceMax),
  step_size: Quantity.format(instrument.stepSize),
  quantity_min: Quantity.format(instrument.quantityMin),
  quantity_max: Quantity.format(instrument.quantityMax),
  market_quantity_max: Quantity.format(instrument.marketQuantityMax),
  market_step_size: Quantity.format(instrument.marketStepSize),
  market_quantity_min: Quantity.format(instrument.marketQuantityMin),
  notional_min: Money.format(instrument.notionalMin),
  market_notional_max: instrument.marketNotionalMax && Money.format(instrument.marketNotionalMax),
  maker_fee_rate: instrument.makerFeeRate,
  taker_fee_rate: instrument.takerFeeRate,
});

const instrumentOf = (row: InstrumentRow): Instrument => ({
  id: InstrumentId.of(row.venue, row.symbol),
  venue: VenueId.of(row.venue),
  symbol: row.symbol,
  base: Currency.of(row.base),
  quote: Currency.of(row.quote),
  status: row.status === 'trading' ? 'trading' : 'halted',
  tickSize: Price.of(row.tick_size),
  priceMin: Price.of(row.price_min),
  priceMax: Price.of(row.price_max),
  stepSize: Quantity.of(row.step_size),
  quantityMin: Quantity.of(row.quantity_min),
  quantityMax: Quantity.of(row.quantity_max),
  marketQuantityMax: Quantity.of(row.market_quantity_max ?? row.quantity_max),
  marketStepSize: Quantity.of(row.market_step_size ?? row.step_size),
  marketQuantityMin: Quantity.of(row.market_quantity_min ?? row.quantity_min),
  notionalMin: Money.of(row.notional_min, row.quote),
  marketNotionalMax: row.market_notional_max === null ? null : Money.of(row.market_notional_max, row.quote),
  makerFeeRate: row.maker_fee_rate,
  takerFeeRate: row.taker_fee_rate,
});
