import { useEffect, useRef } from 'react';
import type { ChartTrade } from '../domain/chart-points.js';
import type { CandleRow, Order } from '../domain/rows.js';
import { type CandlePicture, drawCandles } from './draw-candles.js';
import { useStore } from './store.js';
import { shownTheme } from './theme.js';

interface CandleChartProps {
  readonly label: string;
  readonly candles: readonly CandleRow[];
  readonly trades: readonly ChartTrade[];
  /** Orders that rest; each is a line at its price. */
  readonly orders: readonly Order[];
  readonly tickSize: string;
  readonly seconds: number;
  /** What is not in the picture; empty when nothing is missing. */
  readonly note: string;
}

/** Candles with the bot's own trades. A canvas says nothing to a screen reader: the same stands in the tables below. */
export function CandleChart({ label, candles, trades, orders, tickSize, seconds, note }: CandleChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const picture = useRef<CandlePicture>(null);
  const theme = useStore(shownTheme);
  useEffect(() => {
    if (box.current === null) return undefined;
    const drawn = drawCandles(box.current, { tickSize, seconds });
    picture.current = drawn;
    return () => {
      picture.current = null;
      drawn.remove();
    };
  }, [tickSize, seconds]);
  useEffect(() => picture.current?.paint(theme), [theme, tickSize, seconds]);
  useEffect(() => picture.current?.show({ candles, trades, orders }), [candles, trades, orders, tickSize, seconds]);
  return (
    <figure className="flex flex-col">
      <div ref={box} role="img" aria-label={label} className="h-72 w-full md:h-96" />
      <figcaption className="flex flex-wrap justify-between gap-x-4 gap-y-1 px-4 py-2 text-xs text-quiet">
        <span>
          <span className="text-up">▲ bought</span> · <span className="text-down">▼ sold</span> · dashed: orders that
          rest
          {note === '' ? null : <span className="block">{note}</span>}
        </span>
        <a
          href="https://www.tradingview.com/lightweight-charts/"
          target="_blank"
          rel="noreferrer"
          className="underline"
        >
          Charts by TradingView
        </a>
      </figcaption>
    </figure>
  );
}
