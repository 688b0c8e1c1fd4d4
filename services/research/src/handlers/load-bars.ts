import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { Timestamp } from '@scalpstorm/kernel';
import { type Candle, timeframeLength } from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
import { barLine, barsHeader } from '../domain/bars-csv.js';
import type { BarsWanted } from '../domain/bars-wanted.js';
import { JobAborted, JobFailed, jobFaults } from '../domain/job-faults.js';
import { type BarFile, BarFiles } from '../ports/bar-files.js';
import { Candles, CandlesUnavailable } from '../ports/candles.js';

const compress = promisify(gzip);
const attemptsMax = 6;
const firstPauseMs = 500;

/** Bars of a venue as a file: out of those that were fetched before, or page by page from the venue. */
@Injectable()
export class LoadBars {
  constructor(
    private readonly candles: Candles,
    private readonly files: BarFiles,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  /** @throws JobFailed JobAborted */
  async load(wanted: BarsWanted, signal: AbortSignal, onProgress: (share: number) => void): Promise<BarFile> {
    const known = await this.files.find(wanted, this.clock.now());
    if (known !== null) return known;
    const { texts, last } = await this.fetch(wanted, signal, onProgress);
    if (last === null) throw new JobFailed(jobFaults.noData(wanted.instrumentId));
    const text = Buffer.from([barsHeader, ...texts, ''].join('\n'));
    const file = { sha256: createHash('sha256').update(text).digest('hex'), gzip: await compress(text) };
    // What does not reach the end may be longer when it is asked for again.
    if (last >= wanted.to - timeframeLength[wanted.timeframe]) await this.files.keep(wanted, file, this.clock.now());
    return file;
  }

  /** The lines of each page, and when the last bar opened: as candles they would take many times the memory. */
  private async fetch(wanted: BarsWanted, signal: AbortSignal, onProgress: (share: number) => void) {
    const length = timeframeLength[wanted.timeframe];
    const texts: string[] = [];
    let opened: Timestamp | null = null;
    for (let from = wanted.from; from < wanted.to; ) {
      const page = await this.page({ ...wanted, from }, signal);
      const inside = page.filter(({ openedAt }) => openedAt >= from && openedAt < wanted.to);
      const last = inside.at(-1);
      if (last === undefined) break;
      texts.push(inside.map(barLine).join('\n'));
      opened = last.openedAt;
      if (inside.length < page.length) break;
      from = Timestamp.plus(last.openedAt, length);
      onProgress((from - wanted.from) / (wanted.to - wanted.from));
    }
    return { texts, last: opened };
  }

  /** Weather is waited out for a while. */
  private async page(wanted: BarsWanted, signal: AbortSignal): Promise<readonly Candle[]> {
    for (let attempt = 1; ; attempt += 1) {
      if (signal.aborted) throw new JobAborted('nobody wants it here any more');
      try {
        return await unlessAborted(this.candles.page(wanted), signal);
      } catch (error) {
        if (!(error instanceof CandlesUnavailable)) throw error;
        if (attempt >= attemptsMax) throw new JobFailed(jobFaults.noCandles(error.message), { cause: error });
        this.log.debug(
          { instrument: wanted.instrumentId, attempt, error },
          'candles could not be fetched; asked again',
        );
        await pause(firstPauseMs * 2 ** (attempt - 1), null, { signal }).catch(() => null);
      }
    }
  }
}

/** A question that is under way is left alone: its answer is wanted no more. */
async function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const gone = Promise.withResolvers<never>();
  const leave = () => gone.reject(new JobAborted('nobody wants it here any more'));
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([work, gone.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
