import { Injectable } from '@nestjs/common';
import { Cache } from '@scalpstorm/cache';
import { Timestamp } from '@scalpstorm/kernel';
import type { InstrumentId, Timeframe } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import { z } from 'zod';
import { timeframeMs } from '../domain/timeframe.js';
import type { CandleView } from '../domain/views.js';
import { CandleMemory } from '../ports/candle-memory.js';

const decimal = z.string();
const rowsSchema = z.array(z.tuple([z.number(), decimal, decimal, decimal, decimal, decimal, z.number()])).max(5_000);

/** Reads what market-data writes under `candles:<instrument>:<timeframe>:live-v1`; the version is of the form. */
@Injectable()
export class CacheCandleMemory extends CandleMemory {
  constructor(
    private readonly cache: Cache,
    private readonly clock: WallClock,
  ) {
    super();
  }

  async recent(instrumentId: InstrumentId, timeframe: Timeframe): Promise<readonly CandleView[]> {
    const text = await this.cache.get(`candles:${instrumentId}:${timeframe}:live-v1`);
    const rows = rowsSchema.safeParse(text === null ? [] : parsedOrNull(text));
    if (!rows.success) return [];
    const now = Timestamp.toMillis(this.clock.now());
    return rows.data.map(([openedAt, open, high, low, close, volume, trades]) => ({
      openedAt: Timestamp.toIso(Timestamp.fromMillis(openedAt)),
      open,
      high,
      low,
      close,
      volume,
      trades,
      closed: openedAt + timeframeMs[timeframe] <= now,
    }));
  }
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
