import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { journalQuestion, strategiesQuestion } from '@scalpstorm/contracts';
import { second, Timestamp } from '@scalpstorm/kernel';
import {
  type Bot,
  type BotId,
  type Candle,
  ClientOrderId,
  type JsonObject,
  type Leg,
  Price,
  Quantity,
} from '@scalpstorm/model';
import { JournalReader, type JournalRow } from '@scalpstorm/strategies';
import { anInstrument, aQuote, describeWithServers, eventually } from '@scalpstorm/testkit';
import { codesOf, configOf, owner, StrategyWorld } from './strategy-world.js';
import { VenueOrders } from './venue-orders.js';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const commandLine = fileURLToPath(new URL('../../cli/bin/scalpstorm.mjs', import.meta.url));
const scalpstorm = async (...words: readonly string[]) =>
  (await promisify(execFile)(process.execPath, [commandLine, ...words])).stdout;
const patience = { timeoutMs: 60_000, everyMs: 50 };
const instrumentId = anInstrument().id;
const rule = { period: 3, marginPercent: 0 };
const parameters: JsonObject = { quantity: '0.01', timeframe: '1s', ...rule };

// A service of its own process, as a platform starts it: modules of users are never loaded by the machinery of tests.
describeWithServers('a strategy that somebody wrote', (servers) => {
  const folder = mkdtempSync(join(tmpdir(), 'own-'));
  const strategies = join(folder, 'strategies');
  let world: StrategyWorld;
  let venue: VenueOrders;
  let service: ChildProcess;
  let timer: NodeJS.Timeout;
  let [price, slope] = [50_000, 0];

  beforeAll(async () => {
    mkdirSync(strategies);
    await scalpstorm('strategy', 'new', 'my-own', '--in', strategies);
    writeFileSync(join(strategies, 'broken.ts'), 'throw new Error("not today");');
    writeFileSync(join(strategies, 'leaves.ts'), 'process.exit(1);');
    world = await StrategyWorld.open(servers);
    venue = new VenueOrders((order, event) => world.others.tell(order, event));
    const over = secondsOver();
    world.others.candles = Array.from({ length: 60 }, (_, place) => barOf(over - 59 + place));
    timer = setInterval(tell, 50);
    const env = { ...world.env, OPERATIONS_PORT: '0', STRATEGIES_DIR: strategies };
    service = spawn(process.execPath, [program], { env, stdio: 'ignore' });
  });

  afterAll(async () => {
    clearInterval(timer);
    await ended();
    await world?.close();
    rmSync(folder, { recursive: true });
  });

  async function ended(): Promise<void> {
    if (service.exitCode !== null || service.signalCode !== null) return;
    const exit = once(service, 'exit');
    service.kill('SIGTERM');
    await exit;
  }

  const secondsOver = () => Math.floor(world.others.now() / second) - 1;

  function barOf(number: number): Candle {
    const close = Price.of(`${price}`);
    const prices = { open: close, high: close, low: close, close };
    const openedAt = Timestamp.fromMicros(number * second);
    return { instrumentId, timeframe: '1s', openedAt, ...prices, volume: Quantity.of('1'), trades: 1, closed: true };
  }

  /** The price of the moment, and the bar of every second that is over. */
  function tell(): void {
    const { others } = world;
    const prices = { bidPrice: Price.of(`${price}`), askPrice: Price.of(`${price}.01`) };
    others.quote(aQuote({ instrumentId, ...prices, occurredAt: others.now() }));
    for (let number = (others.candles.at(-1)?.openedAt ?? 0) / second + 1; number <= secondsOver(); number += 1) {
      price += slope;
      others.candles = [...others.candles, barOf(number)];
      others.candle(others.candles.at(-1) as Candle);
    }
  }

  async function filled(botId: BotId, leg: Leg, cycle: number): Promise<void> {
    const order = await world.others.requested(ClientOrderId.forSlot({ botId, cycle, leg, attempt: 0 }));
    await venue.accept(order);
    await venue.fill(order);
    await world.settled();
  }

  async function journalOf(botId: BotId): Promise<readonly JournalRow[]> {
    const question = { userId: owner, botId, after: 0, limit: 500 };
    const { rows } = await world.others.bus('gateway').ask(journalQuestion, question, 10_000);
    return rows.map(({ number, entry }) => ({ number, entry: JSON.parse(entry) as JsonObject }));
  }

  /** What the bot heard and did, from its journal. */
  async function stepsOf(botId: BotId) {
    const reader = new JournalReader();
    return (await journalOf(botId)).flatMap((row) => {
      if (row.entry['by'] === undefined) return [reader.step(row)];
      reader.begin(row);
      return [];
    });
  }

  /** The bars at whose close an order was asked for. */
  async function decided(botId: BotId): Promise<readonly (readonly [leg: string, openedAt: number])[]> {
    const steps = await stepsOf(botId);
    return steps.flatMap(({ context, did }) => {
      const placed = (did as readonly JsonObject[]).filter(({ kind }) => kind === 'place');
      return placed.map(
        ({ id }) =>
          [ClientOrderId.slotOf(ClientOrderId.of(String(id)))?.leg ?? '', context.bars?.at(-1)?.openedAt ?? 0] as const,
      );
    });
  }

  /** From now on it decides at the close of every bar. */
  async function warmedUp(botId: BotId): Promise<void> {
    await eventually(async () => {
      const steps = await stepsOf(botId);
      expect(steps.some(({ context }) => (context.bars ?? []).length > rule.period)).toBe(true);
    }, patience);
  }

  /** Its steps taken again, and its session backtested, by somebody who has the modules of the platform. */
  async function takenAgain(botId: BotId): Promise<{ readonly replay: JsonObject; readonly gap: JsonObject }> {
    const journal = join(folder, 'journal.jsonl');
    writeFileSync(journal, (await journalOf(botId)).map((row) => JSON.stringify(row)).join('\n'));
    const from = ['--from', journal, '--strategies', strategies, '--json'];
    const replay = JSON.parse(await scalpstorm('replay', ...from)) as JsonObject;
    const gap = JSON.parse(await scalpstorm('gap', ...from, '--data', join(folder, 'bars.csv'))) as JsonObject;
    return { replay, gap };
  }

  /** Where a backtest of the same module over the same bars decided on its first round trip: one bar before it buys, and sells. */
  async function backtested(): Promise<readonly (readonly [leg: string, openedAt: number])[]> {
    const bars = join(folder, 'bars.csv');
    const trades = join(folder, 'trades.csv');
    const lines = world.others.candles.map(({ openedAt, open, high, low, close, volume }) =>
      [openedAt, ...[open, high, low, close].map(Price.format), Quantity.format(volume)].join(','),
    );
    writeFileSync(bars, ['time,open,high,low,close,volume', ...lines].join('\n'));
    const set = Object.entries(rule).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
    const file = join(strategies, 'my-own', 'my-own.ts');
    await scalpstorm('backtest', '--strategy', file, ...set, '--data', bars, '--trades', trades, '--no-trials');
    const [, first = ''] = readFileSync(trades, 'utf8').split('\n');
    const [openedAt = '', closedAt = ''] = first.split(',');
    const decidedFor = (micros: string) => Number(micros) - second;
    return [
      ['entry', decidedFor(openedAt)],
      ['exit', decidedFor(closedAt)],
    ];
  }

  const reasonOf = async ({ id }: Bot) => (await world.seen(id))?.reason.code;

  it('is offered with its form, trades as its backtest does, and is looked after when its module is gone', async () => {
    const offered = await eventually(async () => {
      const answer = await world.others.bus('gateway').ask(strategiesQuestion, {}, 1_000);
      return answer.strategies.find(({ id }) => id === 'my-own');
    }, patience);
    expect(Object.keys(offered?.schema['properties'] as JsonObject)).toEqual(
      expect.arrayContaining(['quantity', 'timeframe', 'period', 'marginPercent']),
    );
    const broken = await world.create(configOf({ strategy: 'broken', parameters }));
    expect(codesOf(broken)).toEqual(['STRATEGY_NOT_LOADED']);
    expect(JSON.stringify(broken)).toContain('not today');
    const leaves = await world.create(configOf({ strategy: 'leaves', parameters }));
    expect(JSON.stringify(leaves)).toContain('STRATEGY_MODULE_EXITS');
    const wrong = configOf({ strategy: 'my-own', parameters: { ...parameters, period: 1 } });
    expect(await world.create(wrong)).toMatchObject({ refusals: [{ field: '/parameters/period' }] });

    const bot = await world.started(configOf({ strategy: 'my-own', parameters }));
    await warmedUp(bot.id);
    slope = 10;
    await filled(bot.id, 'entry', 0);
    slope = -10;
    await filled(bot.id, 'exit', 0);
    slope = 10;
    await filled(bot.id, 'entry', 1);
    // What was decided at the newest bar is done at the next one.
    const heard = world.others.candles.length;
    await eventually(() => expect(world.others.candles.length).toBeGreaterThan(heard + 1), patience);
    const live = await decided(bot.id);
    expect(live.map(([leg]) => leg)).toEqual(['entry', 'exit', 'entry']);
    expect(live.slice(0, 2)).toEqual(await backtested());
    const { replay, gap } = await takenAgain(bot.id);
    expect(replay).toMatchObject({ equal: true, orders: 3, gaps: [] });
    expect(gap).toMatchObject({ strategy: 'my-own', totals: { live: 2, backtest: 2 } });

    await ended();
    await world.startService();
    await eventually(async () => expect(await reasonOf(bot)).toBe('WAITS_FOR_STRATEGY'), patience);
    expect(codesOf(await world.verb(bot.id, 'start'))).toEqual(['BOT_STRATEGY_GONE']);
    expect(codesOf(await world.verb(bot.id, 'flatten'))).toEqual([]);
    await filled(bot.id, 'flatten', 1);
    await eventually(async () => expect((await world.seen(bot.id))?.observed).toBe('stopped'), patience);
  });
});
