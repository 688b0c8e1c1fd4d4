import { AsksForTomorrow, type Bar, type BarColumns } from '@scalpstorm/strategies';

/** The bar that is over now, over columns that hold more than that; one object for a whole run. What nobody asks for is not read. */
export class BarCursor implements Bar {
  index = -1;

  constructor(private readonly bars: BarColumns) {}

  moveTo(index: number): void {
    this.index = index;
  }

  get openedAt(): number {
    return this.bars.openedAt[this.index] as number;
  }

  get open(): number {
    return this.bars.open[this.index] as number;
  }

  get high(): number {
    return this.bars.high[this.index] as number;
  }

  get low(): number {
    return this.bars.low[this.index] as number;
  }

  get close(): number {
    return this.bars.close[this.index] as number;
  }

  get volume(): number {
    return this.bars.volume[this.index] as number;
  }

  closeAgo(bars: number): number {
    if (bars < 0) throw new AsksForTomorrow(bars);
    return this.bars.close[this.index - bars] ?? Number.NaN;
  }
}
