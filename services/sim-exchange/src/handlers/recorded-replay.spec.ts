import { createHash, type Hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { FileCaptureSource } from '../adapters/file-capture-source.js';
import { Exchange } from '../domain/exchange.js';
import type { BestQuote, Market, PublicTrade } from '../domain/market.js';
import { VenueNews } from '../domain/venue-news.js';
import { RecordedFeed } from './recorded-feed.js';

const startedAt = 1_700_000_000_000;

/** Every word of the venue, in order. */
class Transcript extends VenueNews {
  readonly #hash: Hash = createHash('sha256');
  words = 0;

  get digest(): string {
    return this.#hash.copy().digest('hex');
  }

  traded({ spec }: Market, trade: PublicTrade): void {
    this.#say('trade', spec.symbol, trade);
  }
  quoteChanged({ spec }: Market, quote: BestQuote): void {
    this.#say('quote', spec.symbol, quote);
  }
  orderChanged(): void {}
  balancesChanged(): void {}

  #say(...word: readonly unknown[]): void {
    this.words += 1;
    this.#hash.update(`${JSON.stringify(word)}\n`);
  }
}

async function replayed(file: string): Promise<{ words: number; digest: string; book: unknown }> {
  const news = new Transcript();
  const exchange = new Exchange(news);
  const options = {
    source: new FileCaptureSource(file),
    speed: Number.POSITIVE_INFINITY,
    now: () => startedAt,
    tell: () => undefined,
  };
  const { run } = await RecordedFeed.open(exchange, options);
  await run(Promise.resolve());
  const [market] = exchange.allMarkets();
  if (market === undefined) throw new Error('no market');
  const book = [market.book.depth('buy', 5_000), market.book.depth('sell', 5_000)];
  return { words: news.words, digest: news.digest, book };
}

describe('a capture', () => {
  const file = join(process.cwd(), '..', 'shared', 'data', 'raw_binance_spot_btcusdt_20240808.ws.gz');
  // Recorded data is not part of the product; where it is missing the check counts as skipped.
  const check = existsSync(file) ? test : test.skip;

  check('replays twice to the same words and the same book', async () => {
    const first = await replayed(file);
    expect(first.words).toBeGreaterThan(1_000);
    expect(await replayed(file)).toEqual(first);
  });
});
