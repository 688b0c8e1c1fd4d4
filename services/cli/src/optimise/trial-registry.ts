import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type BarMarket, combinationText, type TrialsMade } from '@scalpstorm/backtest';
import type { JsonObject } from '@scalpstorm/model';
import type { DeclaredParameters } from '@scalpstorm/strategies';
import { z } from 'zod';
import type { Environment } from '../profile-store.js';
import { LineLog } from './line-log.js';

const lineSchema = z.object({
  v: z.literal(1),
  data: z.string(),
  strategy: z.string(),
  /** Of code, market and parameters: the same trial once more is none. */
  trial: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  /** From bar to bar, over all of the data; null where only a part of it was run. */
  sharpe: z.number().nullable(),
  /** Of their length; null in a line from before it was written down. */
  barsAYear: z.number().nullable().default(null),
});
type TrialLine = z.infer<typeof lineSchema>;

/** Of what trials are made. Those of one strategy count together, over whatever data: one more bar is no new beginning. */
export interface Counted {
  readonly dataHash: string;
  readonly strategy: string;
  /** Its parameters, for trials that leave some to their defaults; absent: each trial says all of them. */
  readonly declared?: DeclaredParameters;
  readonly codeHash: string;
  readonly market: BarMarket | JsonObject;
  /** Sharpe ratios from bar to bar are alike over bars of one length alone. */
  readonly barsAYear: number;
}

export const usualTrialsFile = (environment: Environment): string =>
  join(
    environment['XDG_DATA_HOME'] || join(environment['HOME'] ?? homedir(), '.local', 'share'),
    'scalpstorm',
    'trials.jsonl',
  );

/** Every trial that was ever made here; the deflated Sharpe ratio counts them. */
export class TrialRegistry {
  private readonly log: LineLog;
  private readonly market: string;
  /** By data and trial; null: no Sharpe ratio over bars of this length. */
  private readonly known = new Map<string, number | null>();
  /** Lines of the file that could not be read; those that look whole and name another strategy are not looked at. */
  torn = 0;

  constructor(
    file: string,
    private readonly counted: Counted,
  ) {
    this.log = new LineLog(file);
    this.market = JSON.stringify(counted.market);
  }

  /** Takes in what others made, too. */
  async read(): Promise<void> {
    const { values, torn } = await this.log.read((value) => this.isOurs(value), JSON.stringify(this.counted.strategy));
    this.torn = torn;
    for (const value of values) this.take(value as TrialLine);
  }

  /** Writes a trial down that is not known yet. @param sharpe see the file's lines */
  add(parameters: JsonObject, sharpe: number | null): void {
    const { dataHash: data, strategy, declared = {}, codeHash, barsAYear } = this.counted;
    const trial = createHash('sha256')
      .update(`${codeHash}\n${this.market}\n${combinationText(declared, parameters)}`)
      .digest('hex')
      .slice(0, 32);
    const before = this.known.get(keyOf(data, trial));
    if (before !== undefined && (before !== null || sharpe === null)) return;
    const line: TrialLine = { v: 1, data, strategy, trial, parameters, sharpe, barsAYear };
    this.log.add(line);
    this.take(line);
  }

  /** How many there are, and how unlike each other the Sharpe ratios are of those over bars of this length. */
  made(): TrialsMade {
    const sharpes = [...this.known.values()].flatMap((sharpe) => sharpe ?? []).toSorted((one, two) => one - two);
    const mean = sharpes.reduce((sum, sharpe) => sum + sharpe, 0) / Math.max(1, sharpes.length);
    const squares = sharpes.reduce((sum, sharpe) => sum + (sharpe - mean) ** 2, 0);
    return { count: this.known.size, variance: squares / Math.max(1, sharpes.length - 1) };
  }

  close(): void {
    this.log.close();
  }

  private isOurs(value: unknown): boolean {
    const read = lineSchema.safeParse(value);
    return read.success && read.data.strategy === this.counted.strategy;
  }

  private take({ data, trial, sharpe, barsAYear }: TrialLine): void {
    const key = keyOf(data, trial);
    const alike = barsAYear === this.counted.barsAYear ? sharpe : null;
    this.known.set(key, alike ?? this.known.get(key) ?? null);
  }
}

const keyOf = (data: string, trial: string): string => `${data} ${trial}`;
