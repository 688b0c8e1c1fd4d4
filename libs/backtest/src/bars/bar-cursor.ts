import { AsksForTomorrow, type Bar, type BarColumns } from '@scalpstorm/strategies';

/** The bar that is over now, over columns that hold more than that; one object for a whole run. */
export class BarCursor implements Bar {
  index = -1;
  openedAt = 0;
  open = 0;
  high = 0;
  low = 0;
  close = 0;
  volume = 0;

  constructor(private readonly bars: BarColumns) {}

  moveTo(index: number): void {
    const { bars } = this;
    this.index = index;
    this.openedAt = bars.openedAt[index] as number;
    this.open = bars.open[index] as number;
    this.high = bars.high[index] as number;
    this.low = bars.low[index] as number;
    this.close = bars.close[index] as number;
    this.volume = bars.volume[index] as number;
  }

  closeAgo(bars: number): number {
    if (bars < 0) throw new AsksForTomorrow(bars);
    return this.bars.close[this.index - bars] ?? Number.NaN;
  }
}
