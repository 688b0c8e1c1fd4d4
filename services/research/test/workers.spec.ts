import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { codesIn, jobIn, patiently, ResearchWorld, specOf } from './research-world.js';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));

describeWithServers('whoever runs jobs', ({ postgresUrl }) => {
  let world: ResearchWorld;
  beforeEach(async () => {
    world = await ResearchWorld.open(postgresUrl);
  });
  afterEach(() => world.close());

  it('may be killed: another process runs the job again', async () => {
    const held = world.holdMarket();
    const killed = spawn(process.execPath, [program], { env: world.env, stdio: 'ignore' });
    const job = await eventually(() => world.queued(specOf(), { commandId: 'once' }), patiently);
    await held.asked;
    const exited = once(killed, 'exit');
    killed.kill('SIGKILL');
    await exited;
    // Its lease has run out. A short one would also run out while a process that lives has to wait for its turn.
    await world.sql`update jobs set leased_until = now() - interval '1 second' where id = ${job.id}`;
    held.let();
    await world.startService();
    expect(await world.until(job.id, 'done')).toMatchObject({ attempts: 2, fault: null });
  });

  it('gives back at once what it runs when it stops', async () => {
    const held = world.holdMarket();
    const stopping = await world.startService({ RESEARCH_LEASE: '10m' });
    const job = await world.queued();
    await held.asked;
    await stopping.close();
    const [row] = await world.sql`select state, losses from jobs where id = ${job.id}`;
    expect(row).toEqual({ state: 'queued', losses: 0 });
    held.let();
    await world.startService();
    expect(await world.until(job.id, 'done')).toMatchObject({ attempts: 2 });
  });

  it('ends a job that is canceled, also where another process was asked', async () => {
    await world.startService();
    const held = world.holdMarket();
    const [one, other] = [await world.queued(), await world.queued(specOf({ cash: 5 }))];
    await held.asked;
    expect(codesIn(await world.ask({ kind: 'cancel', jobId: other.id }))).toEqual([]);
    expect(await world.job(other.id)).toMatchObject({ state: 'canceled', startedAt: null });
    await world.sql`update jobs set canceling = true where id = ${one.id}`;
    await world.until(one.id, 'canceled');
    held.let();
    // Whoever did not hear the answer asks again.
    expect(jobIn(await world.ask({ kind: 'cancel', jobId: one.id }))).toMatchObject({ state: 'canceled' });
    const last = await world.until((await world.queued()).id, 'done');
    expect(codesIn(await world.ask({ kind: 'cancel', jobId: last.id }))).toEqual(['JOB_OVER']);
  });

  it('refuses what is more than may wait', async () => {
    await world.startService({ RESEARCH_QUEUED_PER_USER_MAX: '2' });
    const held = world.holdMarket();
    const runs = await world.queued();
    await held.asked;
    for (const cash of [1, 2]) await world.queued(specOf({ cash }));
    expect(codesIn(await world.submit(specOf({ cash: 3 })))).toEqual(['TOO_MANY_JOBS']);
    held.let();
    await world.until(runs.id, 'done');
  });

  it('are as many as want to be, and none runs what another runs', async () => {
    const settings = { RESEARCH_WORKERS: '2', RESEARCH_LEASE: '60s' };
    await Promise.all([world.startService(settings), world.startService(settings)]);
    const jobs = await Promise.all(
      Array.from({ length: 12 }, (_, index) => world.queued(specOf({ cash: 100 + index }))),
    );
    for (const { id } of jobs) expect(await world.until(id, 'done')).toMatchObject({ attempts: 1 });
  });

  it('tells how much waits, and what became of the rest', async () => {
    const { address } = await world.startService();
    await world.until((await world.queued()).id, 'done');
    // A job is done when Postgres says so; whoever ran it counts it a moment later.
    await eventually(async () => {
      const metrics = await (await fetch(`${address}/metrics`)).text();
      expect(metrics).toMatch(/scalpstorm_research_jobs\{state="queued".*\} 0/);
      expect(metrics).toMatch(/scalpstorm_research_jobs_total\{kind="backtest",outcome="done".*\} 1/);
      expect(metrics).toMatch(/scalpstorm_research_bars_total\{kind="backtest".*\} 2500/);
    }, patiently);
    await eventually(async () => {
      const ready = await fetch(`${address}/health/ready`);
      expect([ready.status, await ready.json()]).toMatchObject([200, { checks: { queue: { status: 'up' } } }]);
    }, patiently);
  });
});
