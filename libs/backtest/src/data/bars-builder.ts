import type { BarColumns } from '@scalpstorm/strategies';

export const columnNames = ['openedAt', 'open', 'high', 'low', 'close', 'volume'] as const;

const firstRoom = 4_096;

/** Columns that grow by doubling, so that a file is read once and without knowing its length. */
export class BarsBuilder {
  length = 0;
  private room = firstRoom;
  private columns = columnNames.map(() => new Float64Array(firstRoom));

  /** The place of the next bar in every column; it counts after {@link next}. */
  set(column: (typeof columnNames)[number], value: number): void {
    (this.columns[columnNames.indexOf(column)] as Float64Array)[this.length] = value;
  }

  at(column: (typeof columnNames)[number], index: number): number {
    return (this.columns[columnNames.indexOf(column)] as Float64Array)[index] ?? Number.NaN;
  }

  next(): void {
    this.length += 1;
    if (this.length < this.room) return;
    this.room *= 2;
    this.columns = this.columns.map((column) => {
      const larger = new Float64Array(this.room);
      larger.set(column);
      return larger;
    });
  }

  bars(): BarColumns {
    const [openedAt, open, high, low, close, volume] = this.columns.map((column) => column.slice(0, this.length));
    return { length: this.length, openedAt, open, high, low, close, volume } as BarColumns;
  }
}
