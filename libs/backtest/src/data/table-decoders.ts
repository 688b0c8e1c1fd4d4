import type { DepthLevel } from '@scalpstorm/matching';
import type { Side } from '@scalpstorm/model';
import type { BacktestFault } from '../fault.js';
import type { Fields } from './fields.js';
import type { CandleRow, DepthRow, FundingRow, MarketRow, TradeRow } from './market-row.js';
import { readNumber } from './read-number.js';
import { RefusedData } from './refused-data.js';
import { notA, rowTwice } from './row-faults.js';
import type { Scale } from './scale.js';
import type { TableLayout } from './table-layout.js';

/** A line of a table, its time read and in order. */
export interface Line {
  readonly fields: Fields;
  readonly number: number;
  readonly at: number;
  readonly layout: TableLayout;
}

/** Makes rows of lines; some need the line after them to be whole. */
export interface TableDecoder {
  readonly row: MarketRow;
  readonly at: number;
  /** True: there is a row. @throws RefusedData */
  take(line: Line): boolean;
  /** There are no more lines. True: there is one more row. */
  finish(): boolean;
  /** One more row out of what was taken. */
  more(): boolean;
}

type Writable<Row> = { -readonly [Name in keyof Row]: Row[Name] };

/** How long a lone bar lasts, where nothing tells it. */
const barLengthUsual = 60_000_000;

/** A bar is played when the one after it is known to begin, or the file to end: only then is known how long it lasted. */
export class CandleDecoder implements TableDecoder {
  readonly row: Writable<CandleRow>;
  at = 0;
  private next: Writable<CandleRow>;
  private waits = false;
  private spacing = 0;

  constructor(private readonly scale: Scale) {
    const blank = { kind: 'candle', stage: 0, openedAt: 0, length: 0, open: 0, high: 0, low: 0, close: 0 } as const;
    this.row = { ...blank, volume: null };
    this.next = { ...blank, volume: null };
  }

  take({ fields, number, at, layout }: Line): boolean {
    if (this.waits && at === this.next.openedAt) throw new RefusedData(rowTwice(number, at));
    const ready = this.waits && this.show(at);
    const { next, scale } = this;
    next.openedAt = at;
    next.open = scale.readTicks(fields, layout.at.open, ['open', number]);
    next.high = scale.readTicks(fields, layout.at.high, ['high', number]);
    next.low = scale.readTicks(fields, layout.at.low, ['low', number]);
    next.close = scale.readTicks(fields, layout.at.close, ['close', number]);
    next.volume = layout.at.volume < 0 ? null : scale.readLots(fields, layout.at.volume, ['volume', number]);
    const { open, high, low, close } = next;
    if (high < open || high < close || low > open || low > close)
      throw new RefusedData(impossible(fields, layout, number));
    this.waits = true;
    return ready;
  }

  finish(): boolean {
    const ready = this.waits && this.show(this.next.openedAt + (this.spacing || barLengthUsual));
    this.waits = false;
    return ready;
  }

  more(): boolean {
    if (this.row.stage === 3 || this.row.length === 0) return false;
    this.row.stage = (this.row.stage + 1) as CandleRow['stage'];
    this.at = this.row.openedAt + stageOffset(this.row.stage, this.row.length);
    return true;
  }

  private show(endsAt: number): true {
    const { row, next } = this;
    const apart = endsAt - next.openedAt;
    this.spacing = this.spacing === 0 ? apart : Math.min(this.spacing, apart);
    Object.assign(row, next);
    row.stage = 0;
    row.length = this.spacing;
    this.at = row.openedAt;
    return true;
  }
}

/** When after its open a bar is at this stage: two thirds, and its last microsecond: invented, but in the order that the market decides. */
export const stageOffset = (stage: number, length: number): number =>
  stage === 3 ? length - 1 : Math.floor((stage * length) / 3);

export class TradeDecoder implements TableDecoder {
  readonly row: Writable<TradeRow> = { kind: 'trade', ticks: 0, lots: 0, aggressor: 'buy' };
  at = 0;
  private lastId = '';

  constructor(private readonly scale: Scale) {}

  take({ fields, number, at, layout }: Line): boolean {
    const { row, scale } = this;
    if (layout.at.tradeId >= 0) this.checkId(fields.text(layout.at.tradeId), number);
    const { price, quantity, buyerIsMaker, side } = layout.at;
    // Futures also report transfers of the insurance fund as trades, at price or quantity 0.
    if (readNumber(fields.bytes, fields.start(price), fields.end(price)) === 0) return false;
    row.ticks = scale.readTicks(fields, price, ['price', number]);
    row.lots = scale.readLots(fields, quantity, ['quantity', number]);
    row.aggressor = buyerIsMaker >= 0 ? makerSide(fields, buyerIsMaker, number) : sideOf(fields, side, number);
    this.at = at;
    return true;
  }

  finish = (): boolean => false;
  more = (): boolean => false;

  private checkId(id: string, line: number): void {
    if (id !== '' && id === this.lastId) {
      throw new RefusedData({
        code: 'ROW_TWICE',
        text: `Line ${line} repeats the trade ${id} of the row before it.`,
        next: 'Remove one of the two.',
      });
    }
    this.lastId = id;
  }
}

/** One change a line; those of one update of the venue belong together. */
export class BookDecoder implements TableDecoder {
  row: DepthRow = { kind: 'depth', isSnapshot: false, bids: [], asks: [], ids: null };
  at = 0;
  private key = '';
  private next: {
    at: number;
    isSnapshot: boolean;
    bids: DepthLevel[];
    asks: DepthLevel[];
    ids: DepthRow['ids'];
  } | null = null;

  constructor(private readonly scale: Scale) {}

  take({ fields, number, at, layout }: Line): boolean {
    const { isSnapshot, firstId, lastId, previousId, side, price, quantity } = layout.at;
    const snapshot = isSnapshot >= 0 && /^(snapshot|true|1|s)$/i.test(fields.text(isSnapshot));
    const id = (field: number): number =>
      field < 0 || fields.isEmpty(field) ? -1 : readNumber(fields.bytes, fields.start(field), fields.end(field));
    const last = id(lastId);
    const key = `${snapshot} ${at} ${last}`;
    const ready = this.next !== null && key !== this.key && this.show();
    if (this.next === null) {
      const ids =
        last < 0
          ? null
          : { firstId: snapshot ? last : id(firstId), lastId: last, previousId: previousOf(id(previousId)) };
      this.next = { at, isSnapshot: snapshot, bids: [], asks: [], ids };
      this.key = key;
    }
    const ticks = this.scale.readTicks(fields, price, ['price', number]);
    const lots = this.scale.readLots(fields, quantity, ['quantity', number]);
    const level: DepthLevel = [ticks, lots];
    if (sideOf(fields, side, number) === 'buy') this.next.bids.push(level);
    else this.next.asks.push(level);
    return ready;
  }

  finish(): boolean {
    return this.next !== null && this.show();
  }

  more = (): boolean => false;

  private show(): boolean {
    const { next } = this;
    if (next === null) return false;
    const { at, ...rest } = next;
    this.row = { kind: 'depth', ...rest };
    this.at = at;
    this.next = null;
    return true;
  }
}

const previousOf = (id: number): number | null => (id < 0 ? null : id);

/** Beyond a tenth of the value every eight hours nobody holds anything. */
const rateMax = 0.1;

export class FundingDecoder implements TableDecoder {
  readonly row: Writable<FundingRow> = { kind: 'funding', rate: 0n };
  at = 0;

  take({ fields, number, at, layout }: Line): boolean {
    const { rate } = layout.at;
    const value = readNumber(fields.bytes, fields.start(rate), fields.end(rate));
    if (!(Math.abs(value) <= rateMax)) {
      throw new RefusedData(
        notA('rate', fields.text(rate), number, `a share from -${rateMax} to ${rateMax}, e.g. 0.0001`),
      );
    }
    this.row.rate = BigInt(Math.round(value * 1e12));
    this.at = at;
    return true;
  }

  finish = (): boolean => false;
  more = (): boolean => false;
}

function sideOf(fields: Fields, field: number, line: number): Side {
  const text = fields.text(field);
  if (/^(b|buy|bid|bids)$/i.test(text)) return 'buy';
  if (/^(a|s|sell|ask|asks)$/i.test(text)) return 'sell';
  throw new RefusedData(notA('side', text, line, 'buy or sell'));
}

/** Who took is the other one. */
function makerSide(fields: Fields, field: number, line: number): Side {
  const text = fields.text(field);
  if (/^(1|true|t)$/i.test(text)) return 'sell';
  if (/^(0|false|f)$/i.test(text)) return 'buy';
  throw new RefusedData(notA('buyer_is_maker', text, line, '0 or 1'));
}

function impossible(fields: Fields, { at, time }: TableLayout, line: number): BacktestFault {
  const [open, high, low, close] = [at.open, at.high, at.low, at.close].map(fields.text);
  return {
    code: 'BAR_IMPOSSIBLE',
    text: `Line ${line} of ${fields.text(time)}: open ${open}, high ${high}, low ${low}, close ${close}; the high must be the highest, the low the lowest.`,
    next: 'Mend that row, or check whether the columns are named rightly.',
  };
}
