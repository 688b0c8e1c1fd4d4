import { describe, expect, it } from '@jest/globals';
import type { ResearchJob } from '@scalpstorm/contracts';
import { UserId } from '@scalpstorm/model';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { eventually } from '@scalpstorm/testkit';
import { type Search, type Trial, TrialRecords } from '../ports/trial-records.js';
import { KeptTrials } from './keep-trials.js';

const job = { id: 'job_1', userId: UserId.of('user_ann') } as ResearchJob;
const search: Search = { strategy: 'ema-cross', timeframe: '1m', ground: 'bars code' };
const trial = (fast: number): Trial => ({
  ...{ from: 0, to: 9, parameters: { fast }, id: `${fast}`, sharpePerBar: null },
  tried: { fault: { code: 'STRATEGY_THREW', text: '', next: '' } },
});

/** Each write hangs until it is let go on. */
class HangingRecords extends TrialRecords {
  readonly kept: string[] = [];
  writes: { readonly end: (why?: Error) => void }[] = [];

  keep(_job: ResearchJob, _search: Search, trials: readonly Trial[]): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    this.writes.push({
      end: (why) => {
        if (why !== undefined) return reject(why);
        this.kept.push(...trials.map(({ id }) => id));
        resolve(true);
      },
    });
    return promise;
  }
  ofJob = async () => [];
  made = async () => ({ count: this.kept.length, variance: 0 });
  tidy = async () => {};
}

const soon = () => new Promise(setImmediate);

describe('what a job tries, while the database hangs', () => {
  it('waits in one write and, when that fails, in one more', async () => {
    const [records, log] = [new HangingRecords(), new RecordingLog()];
    const kept = new KeptTrials(job, records, log);
    const add = (count: number) => {
      for (let at = 0; at < count; at += 1) kept.add(search, trial(at));
    };
    add(30);
    // Together with others, and not before.
    expect(records.writes).toHaveLength(0);
    await eventually(() => expect(records.writes).toHaveLength(1));
    add(20);
    records.writes[0]?.end(new Error('gone'));
    await eventually(() => expect(log.lines).toHaveLength(1));
    const over = kept.end();
    expect(records.writes).toHaveLength(2);
    records.writes[1]?.end();
    await over;
    expect([records.kept.length, records.writes.length]).toEqual([50, 2]);
  });

  it('is counted when the write that went on is over, and once', async () => {
    const records = new HangingRecords();
    const kept = new KeptTrials(job, records, new RecordingLog());
    kept.add(search, trial(1));
    await eventually(() => expect(records.writes).toHaveLength(1));
    const made = kept.everTried(search);
    kept.add(search, trial(2));
    expect(records.writes).toHaveLength(1);
    records.writes[0]?.end(new Error('gone'));
    await soon();
    records.writes[1]?.end();
    expect(await made).toEqual({ count: 2, variance: 0 });
    expect(records.kept).toEqual(['1', '2']);
    await kept.end();
  });

  it('is not counted when it can not be written', async () => {
    const records = new HangingRecords();
    const kept = new KeptTrials(job, records, new RecordingLog());
    kept.add(search, trial(1));
    const made = kept.everTried(search);
    records.writes[0]?.end(new Error('gone'));
    await expect(made).rejects.toMatchObject({ fault: { code: 'TRIALS_NOT_KEPT' } });
    const over = kept.end();
    records.writes[1]?.end();
    await over;
  });
});
