import { type Stretch, type Tried, triedKey } from '@scalpstorm/backtest';
import type { JsonObject } from '@scalpstorm/model';
import { z } from 'zod';
import { Failure } from '../failure.js';
import { LineLog } from './line-log.js';

/** What a search is made of; another one can not go on where this one was. */
export interface JobHead {
  readonly dataHash: string;
  readonly codeHash: string;
  /** All that was asked for, as plain data. */
  readonly search: unknown;
}

const headSchema = z.object({ v: z.literal(1), dataHash: z.string(), codeHash: z.string(), search: z.unknown() });

const rowSchema = z.object({
  from: z.number(),
  to: z.number(),
  parameters: z.record(z.string(), z.unknown()),
  /** Read as it was written: the code is the same, so is its shape. */
  tried: z.union([z.object({ figures: z.looseObject({}) }), z.object({ fault: z.looseObject({}) })]),
});

const changes = {
  dataHash: ['JOB_OF_OTHER_DATA', 'the data is not the same any more'],
  codeHash: ['JOB_OF_OTHER_CODE', 'the code or the strategy is not the same any more'],
  search: ['JOB_OF_OTHER_SEARCH', 'it was asked for something else'],
} as const;

/** The finished trials of a search, so that it goes on where it was. */
export class JobFile {
  private readonly log: LineLog;
  private readonly done = new Map<string, Tried>();
  /** Lines that could not be read; those trials are made again. */
  torn = 0;

  constructor(file: string) {
    this.log = new LineLog(file);
  }

  /** Trials that it has. */
  get size(): number {
    return this.done.size;
  }

  /** Begins a file, or takes up one that is there. @throws Failure for a job of something else */
  async open(head: JobHead): Promise<void> {
    const { values, torn } = await this.log.read();
    this.torn = torn;
    const [first, ...rows] = values;
    if (first === undefined && torn === 0) {
      this.log.add({ v: 1, ...head });
      return;
    }
    this.check(first, head);
    for (const value of rows) {
      const row = rowSchema.safeParse(value);
      if (row.success) this.take(row.data, row.data.parameters as JsonObject, row.data.tried as unknown as Tried);
      else this.torn += 1;
    }
  }

  find(stretch: Stretch, parameters: JsonObject): Tried | undefined {
    return this.done.get(triedKey(stretch, parameters));
  }

  add({ from, to }: Stretch, parameters: JsonObject, tried: Tried): void {
    this.log.add({ from, to, parameters, tried });
    this.take({ from, to }, parameters, tried);
  }

  close(): void {
    this.log.close();
  }

  private take(stretch: Stretch, parameters: JsonObject, tried: Tried): void {
    this.done.set(triedKey(stretch, parameters), tried);
  }

  private check(first: unknown, head: JobHead): void {
    const { file } = this.log;
    const read = headSchema.safeParse(first);
    if (!read.success) {
      throw new Failure('JOB_UNREADABLE', `${file} is no job of this program.`, {
        next: 'name another file with --job',
      });
    }
    for (const name of ['dataHash', 'codeHash', 'search'] as const) {
      if (JSON.stringify(read.data[name]) === JSON.stringify(head[name])) continue;
      const [code, why] = changes[name];
      const next = 'name another file with --job, or remove this one and begin again';
      throw new Failure(code, `${file} can not go on: ${why}.`, { next });
    }
  }
}
