import { assert } from '@scalpstorm/kernel';
import { ticksMax } from '@scalpstorm/matching';
import { type Instrument, Price, Quantity } from '@scalpstorm/model';
import type { Fields } from './fields.js';
import { readNumber } from './read-number.js';
import { notPlain, readScaled, tooFine } from './read-scaled.js';
import { RefusedData } from './refused-data.js';
import { notA } from './row-faults.js';

/** Both count 10^-12. */
const unitDecimals = 12;
/** Beyond what any venue takes in one order, and so far below 2^53 that sums of it stay exact. */
const lotsMax = 2 ** 50;

/** Prices as whole ticks and quantities as whole lots of one instrument: exact numbers that cost no allocation. */
export class Scale {
  private readonly tick: Unit;
  private readonly lot: Unit;

  constructor(readonly instrument: Pick<Instrument, 'tickSize' | 'stepSize' | 'symbol'>) {
    this.tick = unitOf(instrument.tickSize);
    this.lot = unitOf(instrument.stepSize);
  }

  price = (ticks: number): Price => Price.fromUnits(BigInt(ticks) * this.instrument.tickSize);
  quantity = (lots: number): Quantity => Quantity.fromUnits(BigInt(lots) * this.instrument.stepSize);

  /** Of one of ours, which the venue's filters have passed. */
  ticksOf(price: Price): number {
    assert(price % this.instrument.tickSize === 0n, 'a price between two ticks');
    return Number(price / this.instrument.tickSize);
  }

  lotsOf(quantity: Quantity): number {
    assert(quantity % this.instrument.stepSize === 0n, 'a quantity between two steps');
    return Number(quantity / this.instrument.stepSize);
  }

  /** A price out of a file. @throws RefusedData where it is none, or between two ticks */
  readTicks(fields: Fields, field: number, [name, line]: readonly [name: string, line: number]): number {
    const { bytes } = fields;
    const read = readScaled(bytes, [fields.start(field), fields.end(field)], this.tick.decimals, false);
    if (read === notPlain || read === 0) throw new RefusedData(notA(name, fields.text(field), line, 'a price above 0'));
    const ticks = read / this.tick.size;
    if (read === tooFine || !Number.isInteger(ticks)) throw this.offTick(fields.text(field), name, line);
    if (ticks > ticksMax) throw new RefusedData(notA(name, fields.text(field), line, 'a price of so few ticks'));
    return ticks;
  }

  /** A quantity out of a file, in whole lots: what is less than one is cut off. @throws RefusedData where it is none */
  readLots(fields: Fields, field: number, [name, line]: readonly [name: string, line: number]): number {
    const { bytes } = fields;
    const [start, end] = [fields.start(field), fields.end(field)];
    const read = readScaled(bytes, [start, end], this.lot.decimals, true);
    const lots =
      read === notPlain
        ? Math.floor(readNumber(bytes, start, end) / (this.lot.size / 10 ** this.lot.decimals))
        : Math.floor(read / this.lot.size);
    if (lots >= 0) return Math.min(lots, lotsMax);
    throw new RefusedData(notA(name, fields.text(field), line, 'a number from 0 on'));
  }

  /** A level of a book as its venue wrote it. @throws RefusedData */
  readLevel([price, quantity]: readonly [price: string, quantity: string], line: number): readonly [number, number] {
    const [ticks, lots] = [Price.parse(price), Quantity.parse(quantity)];
    const { tickSize, stepSize } = this.instrument;
    if (!ticks.ok || ticks.value % tickSize !== 0n) throw this.offTick(price, 'price', line);
    if (!lots.ok) throw new RefusedData(notA('quantity', quantity, line, 'a number from 0 on'));
    return [Number(ticks.value / tickSize), Math.min(Number(lots.value / stepSize), lotsMax)];
  }

  private offTick(text: string, name: string, line: number): RefusedData {
    const { symbol, tickSize } = this.instrument;
    return new RefusedData({
      code: 'PRICE_OFF_TICK',
      text: `Line ${line}: ${name} ${text} of ${symbol} is no multiple of the tick ${Price.format(tickSize)}.`,
      next: `Say how the venue counted its prices then: --tick ${fineEnough(text)} takes this one.`,
    });
  }
}

interface Unit {
  readonly decimals: number;
  /** In 10^-decimals. */
  readonly size: number;
}

/** 0.05 is 5 of 10^-2. */
function unitOf(value: bigint): Unit {
  let [units, decimals] = [value, unitDecimals];
  while (decimals > 0 && units % 10n === 0n) [units, decimals] = [units / 10n, decimals - 1];
  assert(units > 0n && units < 2n ** 31n, `not a tick or a step: ${value}`);
  return { decimals, size: Number(units) };
}

/** A tick that a price is a multiple of, if a coarser one may be, too. */
function fineEnough(text: string): string {
  const decimals = /\.(\d*?)0*$/.exec(text)?.[1]?.length ?? 0;
  return decimals === 0 ? '1' : `0.${'1'.padStart(decimals, '0')}`;
}
