import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type ResearchJob, type ResearchRequest, researchQuestion } from '@scalpstorm/contracts';
import { second, seededRng, Timestamp } from '@scalpstorm/kernel';
import { AccountId, type Candle, type JsonObject, Price, Quantity } from '@scalpstorm/model';
import { anAccount, anInstrument, describeWithServers, eventually } from '@scalpstorm/testkit';
import { botOf, codesOf, configOf, owner, StrategyWorld } from './strategy-world.js';

const program = fileURLToPath(new URL('../../research/dist/main.js', import.meta.url));
const live = AccountId.of('live');
const patience = { timeoutMs: 120_000, everyMs: 50 };
const rule: JsonObject = { fast: 5, slow: 20 };
const byVolume: JsonObject = {
  ...{ format: 1, id: 'by-volume', title: 'By volume', description: 'Follows the volume.' },
  enter: { left: { bar: 'volume' }, is: '>', right: 1.5 },
  exit: { left: { bar: 'volume' }, is: '<=', right: 1.5 },
};

/** A walk of minutes up to now, whose volume is told when the next one is known. */
function minutes(count: number): readonly Candle[] {
  const minute = 60 * second;
  const rng = seededRng(11);
  const steps = Array.from({ length: count }, () => (rng.next() < 0.5 ? -1 : 1));
  const begins = (Math.floor((Date.now() * 1_000) / minute) - count) * minute;
  let price = 50_000;
  return steps.map((step, at) => {
    const open = price;
    price += step;
    const [high, low] = [Math.max(open, price), Math.min(open, price)];
    const [o, h, l, c] = [open, high, low, price].map((value) => Price.of(`${value}`)) as [Price, Price, Price, Price];
    return {
      ...{ instrumentId: anInstrument().id, timeframe: '1m', openedAt: Timestamp.fromMicros(begins + at * minute) },
      ...{ open: o, high: h, low: l, close: c, volume: Quantity.of((steps[at + 1] ?? 0) > 0 ? '2' : '1') },
      ...{ trades: 1, closed: true },
    };
  });
}

describeWithServers('a live bot and the platform that examines its rule', (servers) => {
  let world: StrategyWorld;
  let research: ChildProcess;

  beforeAll(async () => {
    world = await StrategyWorld.open(servers);
    world.others.accounts = [anAccount({ id: live, mode: 'live' })];
    world.others.history = minutes(2_500);
    await world.startService();
    const env = { ...world.envOf('research'), OPERATIONS_PORT: '0' };
    research = spawn(process.execPath, [program], { env, stdio: 'ignore' });
  });
  afterAll(async () => {
    const ended = once(research, 'exit');
    research.kill('SIGTERM');
    await ended;
    await world.forget('research');
    await world.close();
  });

  async function ask(wish: object): Promise<ResearchJob> {
    const request = { userId: owner, ...wish } as ResearchRequest;
    const answer = await world.others.bus('gateway').ask(researchQuestion, request, 30_000);
    const job = answer.ok && answer.value.kind === 'jobs' ? answer.value.jobs[0] : undefined;
    if (job === undefined) throw new Error(JSON.stringify(answer));
    return job;
  }

  /** As POST /v1/certificates does, until the job is done and strategy has heard what was found. */
  async function examined(commandId: string, strategy: string, parameters: JsonObject): Promise<ResearchJob> {
    const spec = { strategy, parameters, instrument: anInstrument().id, timeframe: '1m', bars: 2_000 };
    const job = { kind: 'certificate', name: '', priority: 'normal', spec };
    const { id } = await eventually(() => ask({ kind: 'submit', commandId, job }), patience);
    const done = await eventually(async () => {
      const now = await ask({ kind: 'get', jobId: id });
      if (now.state !== 'done') throw new Error(`${now.state} ${JSON.stringify(now.fault)}`);
      return now;
    }, patience);
    await eventually(async () => {
      expect(await world.sql`select 1 from certificates where job_id = ${id}`).toHaveLength(1);
    }, patience);
    return done;
  }

  it('may start when it has passed: request, job, certificate, bot', async () => {
    const parameters = { quantity: '0.01', timeframe: '1m', ...rule };
    const config = configOf({ name: 'certified', strategy: 'ema-cross', mode: 'live', accountId: live, parameters });
    expect(codesOf(await world.create(config))).toEqual(['STRATEGY_NOT_CERTIFIED']);
    expect((await examined('one', 'ema-cross', rule)).summary).toMatchObject({ valid: true, strategy: 'ema-cross' });
    const bot = botOf(await world.create(config));
    expect(codesOf(await world.verb(bot.id, 'start'))).toEqual([]);
  });

  it('may not when it knows the next bar', async () => {
    const { summary } = await examined('other', 'rule', { rule: byVolume });
    expect(summary).toMatchObject({ valid: false });
    const parameters = { quantity: '0.01', timeframe: '1m', rule: byVolume };
    const answer = await world.create(
      configOf({ name: 'refused', strategy: 'rule', mode: 'live', accountId: live, parameters }),
    );
    expect(codesOf(answer)).toEqual(['STRATEGY_NOT_CERTIFIED']);
    expect(JSON.stringify(answer)).toContain('delayed');
  });
});
