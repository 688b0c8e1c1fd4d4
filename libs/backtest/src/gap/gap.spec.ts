import { describe, expect, it } from '@jest/globals';
import { exampleBot, exampleInstrument } from '@scalpstorm/engine/testing';
import { Timestamp, unwrap } from '@scalpstorm/kernel';
import {
  ClientOrderId,
  type Fill,
  type JsonObject,
  Money,
  Price,
  Quantity,
  TradeId,
  VenueOrderId,
} from '@scalpstorm/model';
import { type ConfiguredStrategy, JournalPen, type JournalRow, strategies } from '@scalpstorm/strategies';
import { VenueModel } from '@scalpstorm/strategies/testing';
import { runLane } from '../lane/run-lane.js';
import { source } from '../lane/scene.js';
import { gapCauses } from './cause-of.js';
import { gapReport } from './gap-report.js';
import { type Edition, type Session, sessionOf } from './session.js';
import { shadowPlan } from './shadow-plan.js';

const instrument = exampleInstrument();
const start = 1_700_000_000;
const second = (seconds: number): Timestamp => Timestamp.fromMicros((start + seconds) * 1e6);

interface Filled {
  readonly cycle: number;
  readonly leg: 'entry' | 'exit';
  readonly at: number;
  readonly price: string;
  readonly quantity?: string;
  readonly taker?: boolean;
  readonly part?: number;
}

const idOf = ({ cycle, leg }: Pick<Filled, 'cycle' | 'leg'>) =>
  ClientOrderId.forSlot({ botId: exampleBot, cycle, leg, attempt: 0 });

const fill = (of: Filled): Fill => ({
  tradeId: TradeId.of(`t-${of.cycle}-${of.leg}-${of.part ?? 0}`),
  clientOrderId: idOf(of),
  venueOrderId: VenueOrderId.of('v'),
  instrumentId: instrument.id,
  side: of.leg === 'entry' ? 'buy' : 'sell',
  price: Price.of(of.price),
  quantity: Quantity.of(of.quantity ?? '1'),
  fee: Money.of('0.1', instrument.quote),
  liquidity: of.taker === true ? 'taker' : 'maker',
  occurredAt: second(of.at),
});

/** In at 100 and out at 101 ten seconds later, but for what is named. */
const cycle = (
  number: number,
  at: number,
  entry: Partial<Filled> = {},
  exit: Partial<Filled> = {},
): readonly Fill[] => [
  fill({ cycle: number, leg: 'entry', at, price: '100', ...entry }),
  fill({ cycle: number, leg: 'exit', at: at + 10, price: '101', ...exit }),
];

const empty: Session = {
  botId: exampleBot,
  mode: 'demo',
  strategy: 'scalping-cycle',
  instrument,
  from: second(0),
  to: second(200),
  ...{ fills: [], asks: new Map(), ended: new Map(), denials: [], off: [], gaps: [], bars: [] },
  editions: [{ from: second(0), to: second(200), parameters: {} }],
};
const editedAt = (at: number): Session['editions'] => [
  { from: second(0), to: second(at) - 1, parameters: {} },
  { from: second(at), to: second(200), parameters: { quantity: '2' } },
];
const everySecond = Array.from({ length: 201 }, (_, at) => second(at));
const report = (session: Partial<Session>, fills: readonly Fill[], openedAt: readonly number[] = everySecond) =>
  reportOf({ ...empty, ...session }, fills, openedAt);
/** Each part has of the backtest and of the bars what lies in it. */
const reportOf = (session: Session, fills: readonly Fill[], openedAt: readonly number[]) =>
  gapReport(
    session,
    session.editions.map((edition) => {
      const isIn = (at: number): boolean => at >= edition.from && at <= edition.to;
      const fillsIn = fills.filter(({ occurredAt }) => isIn(occurredAt));
      return { edition, fills: fillsIn, openedAt: openedAt.filter(isIn), barLength: 1e6 };
    }),
  );

const quote = (bid: string, ask: string) => ({
  instrumentId: instrument.id,
  ...{ bidPrice: Price.of(bid), askPrice: Price.of(ask), bidQuantity: Quantity.of('1'), askQuantity: Quantity.of('1') },
  ...{ sequence: 1, occurredAt: second(0) },
});
const asked = (at: number, bid: string, ask: string, leg: 'entry' | 'exit' = 'entry') =>
  new Map([[idOf({ cycle: 0, leg }), { at: second(at), quote: quote(bid, ask) }]]);

const cases = [
  ['none', { fills: cycle(0, 20) }, cycle(0, 20)],
  [
    'data-gap',
    { fills: cycle(0, 20, { price: '100.5' }), gaps: [{ from: second(18), to: second(22), text: 'row 9' }] },
    cycle(0, 20),
  ],
  ['edit', { fills: cycle(0, 20, { price: '100.5' }), editions: editedAt(25) }, cycle(0, 20)],
  ['none', { fills: cycle(0, 20), editions: editedAt(5) }, cycle(0, 20)],
  [
    'halt-or-denial',
    { denials: [{ at: second(20), id: idOf({ cycle: 0, leg: 'entry' }), code: 'HALTED' }] },
    cycle(0, 20),
  ],
  ['halt-or-denial', { off: [{ from: second(10), to: second(60), text: 'halted' }] }, cycle(0, 20)],
  [
    'partial-fill',
    {
      fills: [
        ...cycle(0, 20, { quantity: '0.4' }),
        fill({ cycle: 0, leg: 'entry', at: 22, price: '100.2', quantity: '0.6', part: 1 }),
      ],
    },
    cycle(0, 20),
  ],
  ['partial-fill', { fills: cycle(0, 20, { quantity: '0.4' }) }, cycle(0, 20)],
  [
    'spread',
    { fills: cycle(0, 20, { price: '100.05', taker: true }), asks: asked(20, '99.95', '100.05') },
    cycle(0, 20),
  ],
  [
    'latency',
    { fills: cycle(0, 21, { price: '100.3', taker: true }), asks: asked(20, '99.99', '100.01') },
    cycle(0, 21),
  ],
  ['queue', { fills: cycle(0, 24) }, cycle(0, 20)],
  ['queue', { asks: asked(10, '99.99', '100.01') }, cycle(0, 20)],
  ['queue', { fills: cycle(0, 20) }, []],
  ['unexplained', {}, cycle(0, 20)],
  ['unexplained', { fills: cycle(0, 20, { taker: true }) }, []],
  ['unexplained', { fills: cycle(0, 20, { price: '103', taker: true }) }, cycle(0, 20)],
] as const;

describe('the gap between a session and its backtest', () => {
  it.each(cases)('%s is the cause (%#)', (cause, session, backtest) => {
    const { rows, totals } = report(session as Partial<Session>, backtest);
    expect(rows.map((row) => row.cause)).toEqual([cause]);
    expect(totals.causes[cause]).toBe(1);
  });

  it('has a session for every cause', () => {
    expect(new Set(cases.map(([cause]) => cause))).toEqual(new Set(gapCauses));
  });

  it('says how much worse and later each was, and what it cost', () => {
    const live = cycle(0, 21, { price: '100.1' }, { price: '100.495', at: 32 });
    const { rows, totals } = report({ fills: live }, cycle(7, 20));
    expect(rows).toMatchObject([
      { kind: 'both', side: 'long', entryBps: 10, exitBps: 50, entrySeconds: 1, exitSeconds: 2, fees: '0' },
    ]);
    expect(rows[0]?.live).toMatchObject({ cycle: 0, fees: '0.2', entry: { price: '100.1', at: second(21) } });
    expect(totals).toMatchObject({ live: 1, backtest: 1, both: 1, missed: 0, extra: 0, entryBps: 10, exitBps: 50 });
  });

  it('pairs the nearest, each once, and tells the others as missed and extra', () => {
    const live = [...cycle(0, 20), ...cycle(1, 100)];
    const backtest = [...cycle(0, 16), ...cycle(1, 21), ...cycle(2, 60)];
    const { rows, totals } = report({ fills: live }, backtest);
    expect(rows.map(({ kind, live: one, backtest: other }) => [kind, one?.cycle, other?.cycle])).toEqual([
      ['missed', undefined, 0],
      ['both', 0, 1],
      ['missed', undefined, 2],
      ['extra', 1, undefined],
    ]);
    expect(totals).toMatchObject({ live: 2, backtest: 3, both: 1, missed: 2, extra: 1, fees: '0' });
  });

  it('finds bars that are missing, and lets a quiet market be', () => {
    const quiet = everySecond.filter((_, at) => at % 5 === 0);
    const holed = everySecond.filter((_, at) => at < 15 || at > 40);
    expect(report({}, cycle(0, 20), quiet).rows[0]?.cause).toBe('unexplained');
    expect(report({}, cycle(0, 20), holed).rows[0]?.cause).toBe('data-gap');
  });

  it('leaves out what the backtest did before and behind the session', () => {
    const editions = [{ from: second(50), to: second(90), parameters: {} }];
    const backtest = [...cycle(0, 20), ...cycle(1, 60), ...cycle(2, 95)];
    const shadow = { edition: editions[0] as Edition, fills: backtest, openedAt: everySecond, barLength: 1e6 };
    const { rows } = gapReport({ ...empty, from: second(50), to: second(90), editions }, [shadow]);
    expect(rows.map(({ backtest }) => backtest?.cycle)).toEqual([1]);
  });

  it('leaves out what was sold of a trade that was entered before the session', () => {
    const [, sold] = cycle(4, 20);
    expect(report({ fills: [sold as Fill, ...cycle(5, 60)] }, cycle(0, 60)).rows).toMatchObject([
      { kind: 'both', side: 'long', live: { cycle: 5 }, cause: 'none' },
    ]);
  });

  it('compares each part with the backtest of what the bot was configured to then', () => {
    const live = [...cycle(0, 20), ...cycle(1, 60), ...cycle(2, 120, { quantity: '2' }, { quantity: '2' })];
    const { rows } = report({ fills: live, editions: editedAt(100) }, live);
    expect(rows.map(({ kind, cause }) => `${kind} ${cause}`)).toEqual(['both none', 'both none', 'both none']);
  });
});

const parameters: JsonObject = { quantity: '1', buyPrice: { fixed: '100' }, sellPrice: { fixed: '101' } };

/** A session at a model of a venue, with its journal. */
function traded(play: (venue: VenueModel) => void): readonly JournalRow[] {
  const pen = new JournalPen();
  const rows: JournalRow[] = [];
  const inner = unwrap(strategies.get('scalping-cycle')?.configure(parameters, instrument) ?? { ok: false, error: [] });
  const watched: ConfiguredStrategy = {
    ...inner,
    step: (state, event, context) => {
      const step = inner.step(state, event, context);
      if (step.state === state && step.effects.length === 0) return step;
      const written = pen.note(
        { strategy: 'scalping-cycle', parameters, state },
        { event, context, effects: step.effects },
      );
      rows.push(...written.map(({ number, text }) => ({ number, entry: JSON.parse(text) as JsonObject })));
      return step;
    },
  };
  play(new VenueModel(watched));
  return rows;
}

describe('a session', () => {
  const rows = traded((venue) => {
    venue.market('100', '100.02');
    venue.command({ kind: 'started' });
    venue.accept();
    venue.deliverAll();
    venue.pass(2);
    venue.fill(1000);
    venue.deliverAll();
    venue.accept();
    venue.deliverAll();
    venue.pass(3);
    venue.fill(1000);
    venue.deliverAll();
    venue.command({ kind: 'stop-asked', reason: 'stop' });
    venue.deliverAll();
  });

  it('is read from a journal: fills, wishes, ends, and when it was off', () => {
    const session = sessionOf(rows) as Session;
    expect(session).toMatchObject({ strategy: 'scalping-cycle', gaps: [], denials: [] });
    expect(session.editions).toEqual([{ from: session.from, to: session.to, parameters }]);
    expect(session.fills.map(({ side }) => side)).toEqual(['buy', 'sell']);
    expect(session.asks.size).toBe(3);
    expect(session.asks.values().next().value?.quote?.askPrice).toBe(Price.of('100.02'));
    expect(session.ended.size).toBe(3);
    expect(session.off.at(-1)).toMatchObject({ text: 'stopped', to: Number.POSITIVE_INFINITY });
    expect(sessionOf([])).toBeNull();
  });

  it('has an edition for each time that its parameters were changed, and not its name', () => {
    const at = (rows.at(-1)?.entry['at'] as number) + 1e6;
    const [begin] = rows as [JournalRow];
    const again = (number: number, changes: JsonObject): JournalRow => ({
      number,
      entry: { ...begin.entry, ...changes },
    });
    const { quantity, ...rest } = parameters;
    const renamed = again(rows.length + 1, { by: 'edit', at, parameters: { ...rest, quantity: quantity as string } });
    const edited = again(rows.length + 2, { by: 'start', at: at + 5, parameters: { ...parameters, quantity: '2' } });
    const { editions, from, to } = sessionOf([...rows, renamed, edited]) as Session;
    expect(editions).toEqual([
      { from, to: at + 4, parameters },
      { from: at + 5, to, parameters: { ...parameters, quantity: '2' } },
    ]);
  });

  it('has a gap where rows are missing', () => {
    const session = sessionOf(rows.filter((_, at) => at !== 3)) as Session;
    expect(session.gaps).toHaveLength(1);
  });

  it('is traded again by the backtest of its own bot, at its own fees and spread', async () => {
    const session = sessionOf(rows) as Session;
    const [edition] = session.editions as [Edition];
    const plan = shadowPlan(session, edition);
    expect(plan.rules.spreadBps).toBeCloseTo(2, 1);
    const from = Math.floor(session.from / 1e6);
    const prices = [100.5, 100.5, 99.5, 100.5, 101.5, 101.5, 101.5];
    const lines = prices.map((price, at) => [from + at, price, price, price, price, 100].join(','));
    const run = unwrap(
      await runLane(plan, [source(['time,open,high,low,close,volume', ...lines].join('\n'), instrument.symbol)]),
    );
    const openedAt = prices.map((_, at) => (from + at) * 1e6);
    const shadow = { edition, fills: run.fills, openedAt, barLength: 1e6 };
    const { rows: told } = gapReport({ ...session, off: [] }, [shadow]);
    expect(told[0]).toMatchObject({
      kind: 'both',
      live: { entry: { price: '100' } },
      backtest: { entry: { price: '100' } },
    });
    expect(told[0]?.entryBps).toBe(0);
  });
});
