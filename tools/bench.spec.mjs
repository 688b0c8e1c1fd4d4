import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { strategies } from '@scalpstorm/strategies';
import { anInstrument, anOrder, anOrderRequest } from '@scalpstorm/testkit';
import { countsBetween, countsOf, countsText } from '../bench/bots/counts.mjs';
import { createEar } from '../bench/bots/ear.mjs';
import { figuresOf } from '../bench/bots/figures.mjs';
import { accountsFor, botsPerUser, configOf, createFleet } from '../bench/bots/fleet.mjs';
import { readOptions, UsageError, usage } from '../bench/bots/options.mjs';
import { helpText, names } from './bench.mjs';
import { root } from './paths.mjs';

const symbols = ['S00-USDT', 'S01-USDT'];

test('every bench is listed, with what it measures', () => {
  const files = readdirSync(join(root, 'bench')).filter((file) => file.endsWith('.mjs') && file !== 'figures.mjs');
  expect(names().toSorted()).toEqual(files.map((file) => file.slice(0, -4)).toSorted());
  for (const name of names()) expect(helpText()).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
});

describe('the options of the bench of many bots', () => {
  test.each([
    ['nothing', [], { bots: 10_000, markets: 50, seconds: 60, json: false }],
    ['all', ['--bots', '7', '--seconds', '1', '--json'], { bots: 7, markets: 7, seconds: 1, json: true }],
    ['help', ['--bots', '7', '--help'], null],
  ])('%s', (_, args, expected) => {
    expect(readOptions(args)).toEqual(expected);
  });

  test.each([
    ['no number', ['--bots', 'many']],
    ['too many', ['--bots', '25001']],
    ['none', ['--markets', '0']],
    ['an unknown one', ['--bot', '5']],
    ['one without its value', ['--seconds']],
  ])('%s is refused', (_, args) => {
    expect(() => readOptions(args)).toThrow(UsageError);
    expect(usage).toContain('--bots');
  });
});

describe('the fleet of the bench', () => {
  test('is of bots that the strategy takes without a warning, each user with no more than one may have', () => {
    const configs = Array.from({ length: 1_200 }, (_, index) => configOf(index, symbols));
    const strategy = strategies.get('scalping-cycle');
    const fees = { makerFeeRate: '0.0001', takerFeeRate: '0.0002' };
    const instrument = anInstrument({ ...fees, notionalMin: anInstrument().notionalMin });
    const checked = configs.slice(0, 24).map(({ parameters }) => strategy?.configure(parameters, instrument));
    expect(checked.filter((result) => !result?.ok || result.value.warnings.length > 0)).toEqual([]);
    const perAccount = Map.groupBy(configs, ({ accountId }) => accountId);
    expect([...perAccount.keys()]).toEqual(accountsFor(1_200));
    expect(Math.max(...[...perAccount.values()].map(({ length }) => length))).toBe(botsPerUser);
    expect(new Set(configs.map(({ instrumentId }) => instrumentId)).size).toBe(symbols.length);
    expect(new Set(configs.map(({ parameters }) => parameters.timeInForce))).toEqual(new Set(['GTC', 'IOC']));
  });

  test('starts and stops no more bots while too much has no answer, and tells what was refused', async () => {
    const asked = [];
    let onTheWay = 0;
    const bus = {
      ask: async (_question, command) => {
        asked.push(command);
        if (command.kind === 'create') return { ok: true, value: { id: command.config.name, userId: command.userId } };
        return command.verb === 'stop' ? { ok: false, refusals: [{ code: 'NO' }] } : { ok: true, value: {} };
      },
    };
    const fleet = createFleet({ bus, symbols, ear: { onTheWay: () => onTheWay } });
    const made = await fleet.create(3);
    expect(fleet.bots).toEqual(made);
    onTheWay = 1_000;
    const starting = fleet.start(made);
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked.filter(({ kind }) => kind === 'verb')).toEqual([]);
    onTheWay = 0;
    await starting;
    expect(asked.filter(({ verb }) => verb === 'start').map(({ botId }) => botId)).toEqual(made.map(({ id }) => id));
    expect(new Set(asked.map(({ commandId }) => commandId)).size).toBe(asked.length);
    await expect(fleet.stop(made)).rejects.toThrow('NO');
  });
});

test('the bystander times a decision from the price that led to it, and knows what has no answer', async () => {
  const ear = createEar();
  const hear = (name, event, at) => ear.hears.find(([contract]) => contract.name === name)[1](event, at);
  const order = anOrderRequest();
  const next = ear.nextRequest();
  hear('QuoteChanged', { meta: { eventId: 'q1' } }, 10);
  hear('OrderRequested', { meta: { causedBy: 'q1' }, order, ask: 0 }, 12.5);
  hear('OrderRequested', { meta: { causedBy: null }, order, ask: 1 }, 20);
  expect(await next).toBe(12.5);
  expect(ear.onTheWay(30)).toBe(1);
  hear('OrderChanged', { event: { kind: 'sending' }, order: anOrder({ request: order, status: 'sending' }) });
  hear('CancelRequested', { clientOrderId: order.clientOrderId }, 25);
  expect(ear.onTheWay(30)).toBe(2);
  hear('OrderChanged', { event: { kind: 'accepted' }, order: anOrder({ request: order, status: 'accepted' }) });
  expect(ear.onTheWay(30)).toBe(1);
  hear('OrderChanged', { event: { kind: 'canceled' }, order: anOrder({ request: order, status: 'canceled' }) });
  expect(ear.onTheWay(30)).toBe(0);
  hear('OrderRequested', { meta: { causedBy: null }, order, ask: 0 }, 40);
  expect(ear.onTheWay(60_000)).toBe(0);
  expect(ear.take()).toMatchObject({ ticks: 1, requests: 2, askedAgain: 1, unanswered: 1, decisionMs: [2.5] });
  expect(ear.take()).toMatchObject({ ticks: 0, requests: 0, decisionMs: [] });
});

test('the figures have the common form', () => {
  const window = { ticks: 800, orders: 20, fills: 10, decisionMs: [1, 2, 3], cpu: { strategy: 20, execution: 10 } };
  const page = (transactions) =>
    `scalpstorm_store_transaction_seconds_count{service="strategy",outcome="committed"} ${transactions}\n`;
  const counted = [4, 10].map((transactions) => ({ strategy: countsOf(page(transactions)) }));
  const cost = { perBot: countsBetween(counted[0], counted[1], 2), cpuMs: { strategy: 1.5 } };
  expect(countsText(cost.perBot)).toBe('strategy 3 transactions');
  const phase = {
    ...{ count: 2, chatSeconds: 1, created: { seconds: 2, ...cost }, started: { seconds: 3, ...cost } },
    ...{ mebibytes: 300, rowKibibytes: 2 },
    ...{ windows: [window, window], restart: { seconds: 2, readySeconds: 1 } },
  };
  const books = { fills: { told: 9, had: 10 }, accounts: 1, open: 0, cycles: 4, stopSeconds: 1 };
  const measured = { bots: 20, markets: 2, empty: 150, few: phase, many: { ...phase, count: 20 }, books };
  const figures = figuresOf(measured);
  for (const figure of figures) {
    expect(figure).toMatchObject({ name: expect.stringMatching(/^bots-/), unit: expect.any(String) });
    const numbers = [figure.value, figure.ratio, figure.rounds, figure.floor.value, ...figure.spread];
    expect(numbers.filter((number) => !Number.isFinite(number))).toEqual([]);
  }
  const figureOf = (name) => figures.find((figure) => figure.name === name)?.value;
  expect([figureOf('bots-fills-reconciled'), figureOf('bots-orders'), figureOf('bots-memory-each')]).toEqual([
    90, 20, 7680,
  ]);
});
