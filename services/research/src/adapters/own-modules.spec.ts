import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { plainMarket } from '@scalpstorm/backtest';
import { Timestamp } from '@scalpstorm/kernel';
import { InstrumentId } from '@scalpstorm/model';
import { waveOfBars } from '../../test/wave-of-bars.js';
import type { Work, WorkDesk, Worked } from '../ports/workbench.js';
import { ThreadWorkbench } from './thread-workbench.js';

const folder = mkdtempSync(join(tmpdir(), 'own-'));
afterAll(() => rmSync(folder, { recursive: true }));

const rows = 300;
const start = Date.UTC(2026, 0, 1) * 1_000;
const instrumentId = InstrumentId.of('sim', 'BTC-USDT');
const common = { strategy: 'mine', counted: 'mine', parameters: {}, timeframe: '1m' } as const;
const file = {
  sha256: 'hash',
  gzip: waveOfBars(start, rows),
};
const [from, to] = [0, rows].map((minutes) => Timestamp.fromMicros(start + minutes * 60e6)) as [Timestamp, Timestamp];
const backtest: Work = {
  kind: 'backtest',
  spec: { ...common, bars: { instrumentId, timeframe: '1m', from, to }, market: plainMarket(1_000, 10), fast: false },
  file,
};
const certificate: Work = {
  kind: 'certificate',
  spec: { ...common, instrumentId, bars: rows, seed: 1 },
  file,
  barsMin: rows,
};

const moduleOf = (onClose: string, top = '') => `
import { deciderOver, defineBarStrategy } from '@scalpstorm/strategies';
${top}
export const strategy = defineBarStrategy({
  id: 'mine', title: 'Mine', description: 'Enters.', source: 'A spec.', parameters: {}, warmUp: () => 0,
  decider: () => deciderOver({}, (_, bar, desk) => { ${onClose} }),
});
`;

const desk = { progress: () => {}, tried: () => {}, everTried: async () => ({ count: 1, variance: 0 }) } as WorkDesk;

async function worked(work: Work, text: string): Promise<Worked> {
  const path = join(folder, 'mine.ts');
  writeFileSync(path, text);
  const bounds = { megabytesMax: 256, millisecondsMax: 300_000, modules: new Map([['mine', path]]) };
  return await new ThreadWorkbench(bounds).work(work, new AbortController().signal, desk);
}

describe("a job of a strategy of the operator's own", () => {
  it('runs it out of its file', async () => {
    const { summary } = await worked(backtest, moduleOf('desk.enter();'));
    expect(summary).toMatchObject({ strategy: 'mine', bars: rows });
  });

  it('is told what became of a module that can not be loaded any more', async () => {
    await expect(worked(backtest, moduleOf('desk.enter();', 'process.exit(3);'))).rejects.toMatchObject({
      fault: { code: 'STRATEGY_MODULE_EXITS', text: expect.stringMatching(/^mine\.ts: it ends the process/) },
    });
  });

  it('takes a module that waits long for its turn', async () => {
    // Longer than a step may work, once on each thread that it is loaded on.
    const turn = 'let isFirst = true;\nconst nothing = new Int32Array(new SharedArrayBuffer(4));';
    const check =
      'check: () => { if (isFirst) Atomics.wait(nothing, 0, 0, 2_100); isFirst = false; return []; }, warmUp:';
    const text = moduleOf('desk.enter();', turn).replace('warmUp:', check);
    expect((await worked(backtest, text)).summary).toMatchObject({ strategy: 'mine' });
  });

  it('fails by the name of what is wrong where its version is too slow to be told', async () => {
    // As what ends a step that takes too long says it, at a bar that the market of the job never comes to.
    const slow = `if (bar.index >= ${rows}) throw Object.assign(new Error('it had not finished after 2 s'), { code: 'STRATEGY_LOOPS' });`;
    await expect(worked(certificate, moduleOf(slow))).rejects.toMatchObject({
      fault: { code: 'STRATEGY_LOOPS', text: 'mine does not decide in time: it had not finished after 2 s.' },
    });
  });
});
