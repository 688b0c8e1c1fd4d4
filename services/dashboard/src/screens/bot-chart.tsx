import { lazy, Suspense, useMemo, useState } from 'react';
import { useInstruments } from '../api/lists.js';
import { pointsOf, tradesOf, tradesShown } from '../domain/chart-points.js';
import { shown } from '../domain/decimal.js';
import type { Bot, Order } from '../domain/rows.js';
import { timeOf } from '../domain/time.js';
import { counted } from '../domain/words.js';
import { useChannel } from '../live/live-provider.js';
import { LiveRows } from '../live/live-rows.js';
import { useBotFills } from '../live/use-bot-fills.js';
import { useCandleHistory } from '../live/use-candle-history.js';
import { Empty } from '../ui/data-state.js';
import { Section } from '../ui/section.js';

const CandleChart = lazy(async () => {
  const { CandleChart: chart } = await import('../ui/candle-chart.js');
  return { default: chart };
});

const timeframes = { '1s': 1, '1m': 60, '5m': 300, '15m': 900, '1h': 3_600, '4h': 14_400, '1d': 86_400 } as const;
type Timeframe = keyof typeof timeframes;
const names = Object.keys(timeframes) as readonly Timeframe[];

/** The market of a bot with its trades. */
export function BotChart({ bot }: { readonly bot: Bot }) {
  const [timeframe, setTimeframe] = useState<Timeframe>('1s');
  const candles = useCandleHistory(bot, timeframe);
  const known = useBotFills(bot, candles?.[0]?.openedAt);
  const allOrders = useChannel<Order>('orders');
  const seconds = timeframes[timeframe];
  const trades = useMemo(() => tradesOf(known?.fills ?? [], seconds), [known?.fills, seconds]);
  const shownTrades = useMemo(
    () =>
      tradesShown(
        trades,
        pointsOf(candles ?? []).map(({ time }) => time),
        known?.since ?? null,
      ),
    [trades, candles, known?.since],
  );
  const orders = useMemo(
    () => (allOrders ?? []).filter((order) => order.bot === bot.id && !order.final),
    [allOrders, bot.id],
  );
  const instrument = useInstruments().data?.data.find(
    ({ venue, symbol }) => venue === bot.venue && symbol === bot.symbol,
  );
  const last = candles?.at(-1)?.close;
  const marked = shownTrades.reduce((count, trade) => count + trade.fills, 0);
  const traded =
    known === undefined || allOrders === undefined
      ? 'trades not known yet'
      : `with ${counted(marked, 'fill')} and ${counted(orders.length, 'open order')}`;
  return (
    <Section
      title={bot.symbol}
      note={last === undefined ? undefined : <span className="num live">{shown(last)}</span>}
      actions={<TimeframeChoice chosen={timeframe} onChoose={setTimeframe} />}
    >
      <LiveRows
        rows={candles}
        skeleton={<div className="skeleton m-4 h-80" />}
        empty={
          <Empty title="No candle yet">The first one is here when the market has traded for one {timeframe}.</Empty>
        }
      >
        {(rows) => (
          <Suspense fallback={<div className="skeleton m-4 h-80" />}>
            <CandleChart
              label={`${bot.symbol}, candles of ${timeframe}, ${traded} of ${bot.name}`}
              candles={rows}
              trades={shownTrades}
              orders={orders}
              tickSize={instrument?.tickSize ?? '0.01'}
              seconds={seconds}
              note={noteOf(known?.since ?? null, rows[0]?.openedAt)}
            />
          </Suspense>
        )}
      </LiveRows>
    </Section>
  );
}

/** Where the marks begin, when that is later than the candles. */
function noteOf(since: string | null, firstOpenedAt: string | undefined): string {
  if (since === null || firstOpenedAt === undefined || Date.parse(since) < Date.parse(firstOpenedAt)) return '';
  return `Marks begin after ${timeOf(since, Date.now())}; earlier fills stand under Fills.`;
}

interface TimeframeChoiceProps {
  readonly chosen: Timeframe;
  readonly onChoose: (timeframe: Timeframe) => void;
}

function TimeframeChoice({ chosen, onChoose }: TimeframeChoiceProps) {
  return (
    <fieldset className="flex rounded-lg border border-line p-0.5">
      <legend className="sr-only">Length of a candle</legend>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={chosen === name}
          className="num min-h-7 rounded-md px-2 text-xs font-semibold text-quiet aria-pressed:bg-raised aria-pressed:text-ink"
          onClick={() => onChoose(name)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}
