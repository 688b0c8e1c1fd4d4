import { assert, fail, ok, type Result } from '@scalpstorm/kernel';
import type { Fill, Order } from '@scalpstorm/model';
import { asksForVolume, volumeMissing } from '../bars/bar-market.js';
import { BarInspector } from '../data/inspect-bars.js';
import { type DataSource, MarketFeed } from '../data/market-feed.js';
import type { DataKind } from '../data/market-row.js';
import { RefusedData } from '../data/refused-data.js';
import { Scale } from '../data/scale.js';
import type { BacktestFault, BacktestWarning } from '../fault.js';
import { BookMarket } from './book-market.js';
import { checkPlan } from './check-plan.js';
import type { Lane } from './lane.js';
import type { LanePlan } from './lane-options.js';
import { openLane } from './open-lane.js';
import { type LaneChart, RunCharts } from './run-charts.js';
import { StrategyStopped } from './strategy-stopped.js';

/** A file of one instrument of the run. */
export interface LaneSource extends DataSource {
  readonly symbol: string;
}

/** What a run came to; exact. */
export interface LaneRun {
  readonly lane: Lane;
  readonly fills: readonly Fill[];
  readonly orders: readonly Order[];
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly data: readonly {
    readonly name: string;
    readonly symbol: string;
    readonly kind: DataKind;
    readonly rows: number;
  }[];
  /** Updates that are missing in recorded books. */
  readonly bookGaps: number;
  /** Of each market, for people: nothing of a result follows from it. */
  readonly charts: readonly LaneChart[];
  /** What makes the figures worth less. */
  readonly warnings: readonly BacktestWarning[];
}

/** What comes first of the same time: the book, then what was traded in it, then what sums it up. */
const rank: Readonly<Record<DataKind, number>> = { book: 0, capture: 1, trades: 2, candles: 3, funding: 4 };

/**
 * Runs live strategies over recorded markets: the same engine, gate and order machine as live, exact money, a virtual clock. Files are
 * read as they are needed and merged by time; of the same time books go before trades, trades before bars, bars before funding, and
 * files of one kind in the order given. The same plan and data give the same bytes. Time is linear in the rows.
 */
export async function runLane(plan: LanePlan, sources: readonly LaneSource[]): Promise<Result<LaneRun, BacktestFault>> {
  const checked = checkPlan(plan, sources);
  if (!checked.ok) return checked;
  const feeds: OpenFeed[] = [];
  try {
    for (const source of sources) feeds.push(await openFeed(plan, source));
    return await playAll(plan, feeds);
  } catch (error) {
    if (error instanceof RefusedData || error instanceof StrategyStopped) return fail(error.fault);
    throw error;
  } finally {
    for (const { feed } of feeds) await feed.close();
  }
}

interface OpenFeed {
  readonly feed: MarketFeed;
  readonly symbol: string;
  readonly place: number;
  readonly inspector: BarInspector;
}

async function openFeed({ instruments }: LanePlan, source: LaneSource): Promise<OpenFeed> {
  const place = instruments.findIndex(({ symbol }) => symbol === source.symbol);
  const instrument = instruments[place];
  assert(instrument !== undefined, `no instrument ${source.symbol}`);
  return {
    feed: await MarketFeed.open(source, new Scale(instrument)),
    symbol: source.symbol,
    place,
    inspector: new BarInspector(),
  };
}

async function playAll(plan: LanePlan, feeds: readonly OpenFeed[]): Promise<Result<LaneRun, BacktestFault>> {
  const kindsOf = (symbol: string) =>
    new Set(feeds.filter((feed) => feed.symbol === symbol).map(({ feed }) => feed.kind));
  const opened = openLane(plan, kindsOf);
  if (!opened.ok) return opened;
  const lane = opened.value;
  const inOrder = feeds.toSorted((left, right) => rank[left.feed.kind] - rank[right.feed.kind]);
  const charts = new RunCharts(lane.listings, lane.venue.fills, kindsOf, plan.equityEvery);
  const span = await merge(lane, charts, inOrder);
  if (asksForVolume(plan.rules)) refuseWithoutVolume(feeds);
  lane.end();
  const data = feeds.map(({ feed, symbol }) => ({ name: fileOf(feed.name), symbol, kind: feed.kind, rows: feed.rows }));
  const bookGaps = lane.listings.reduce((sum, { market }) => sum + (market instanceof BookMarket ? market.gaps : 0), 0);
  return ok({
    lane,
    fills: lane.venue.fills,
    orders: lane.desk.all(),
    ...span,
    data,
    bookGaps,
    charts: charts.made(),
    warnings: warningsOf(feeds),
  });
}

/** Waits for a file only where its piece in memory is used up. */
async function merge(
  lane: Lane,
  charts: RunCharts,
  feeds: readonly OpenFeed[],
): Promise<{ from: number; to: number; rows: number }> {
  for (const { feed } of feeds) await feed.refill();
  let rows = 0;
  let from = Number.NaN;
  for (let next = earliest(feeds); next !== null; next = earliest(feeds)) {
    const { feed, place } = next;
    if (rows === 0) from = feed.at;
    rows += 1;
    inspect(next);
    lane.play(place, feed.row, feed.at);
    charts.hear(place, feed.row, feed.at);
    if (feed.advance() === 'starved') await feed.refill();
  }
  return { from, to: lane.now, rows };
}

function inspect({ feed, inspector }: OpenFeed): void {
  const { row } = feed;
  if (row.kind !== 'candle' || row.stage !== 0) return;
  inspector.add(row.openedAt, row.close, row.volume ?? 0, row.length);
}

/** A market that is made of bars alone, and of none with a volume; read to the end, nobody knew. @throws RefusedData */
function refuseWithoutVolume(feeds: readonly OpenFeed[]): void {
  const finer = feeds.filter(({ feed }) => rank[feed.kind] < rank.candles).map(({ symbol }) => symbol);
  const silent = feeds.find(
    ({ feed, symbol, inspector }) => feed.kind === 'candles' && !finer.includes(symbol) && !inspector.hasVolume,
  );
  if (silent !== undefined) throw new RefusedData(volumeMissing).of(silent.feed.name);
}

/** Of every file of bars; where there are several, with its name. */
function warningsOf(feeds: readonly OpenFeed[]): readonly BacktestWarning[] {
  const bars = feeds.filter(({ feed }) => feed.kind === 'candles');
  return bars.flatMap(({ feed, inspector }) =>
    inspector
      .warnings()
      .map((warning) => (feeds.length === 1 ? warning : { ...warning, text: `${feed.name}: ${warning.text}` })),
  );
}

/** Where it lay on this machine is no part of a result. */
const fileOf = (name: string): string => name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);

function earliest(feeds: readonly OpenFeed[]): OpenFeed | null {
  let first: OpenFeed | null = null;
  for (let index = 0; index < feeds.length; index += 1) {
    const one = feeds[index] as OpenFeed;
    if (one.feed.state === 'row' && (first === null || one.feed.at < first.feed.at)) first = one;
  }
  return first;
}
