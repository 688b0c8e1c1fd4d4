// A process that asks a venue as often as its budget lets it, until it is killed. One line a tenth of a second: what became of it.
import { RedisRateLedger } from '@scalpstorm/cache';
import { seededRng } from '@scalpstorm/kernel';
import { Metrics, SystemClock } from '@scalpstorm/observability';
import { BinanceMarketFeed } from '@scalpstorm/venue-binance';

const [rest, redisUrl, namespace] = process.argv.slice(2);
const clock = new SystemClock();
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const ledger = new RedisRateLedger({ url: redisUrl, namespace, log: silent, metrics: new Metrics('spender') });
const feed = await BinanceMarketFeed.create({
  venue: 'sim',
  addresses: { rest, spotWs: 'ws://127.0.0.1:7', wsApi: 'ws://127.0.0.1:7' },
  clock,
  rng: seededRng(1),
  ledger,
  budgetWaitMax: 100_000,
  // A loaded machine is no venue that fails.
  requestTimeout: 60_000_000,
});
const told = { answered: 0, refused: 0, paused: 0, other: '' };
const tell = () => process.stdout.write(`${JSON.stringify(told)}\n`);

async function spend() {
  for (;;) {
    try {
      await feed.serverTime();
      told.answered += 1;
    } catch (error) {
      if (error.code === 'VENUE_RATE_LIMITED') told.refused += 1;
      else told.other = String(error);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

await feed.instruments();
setInterval(tell, 100);
process.stdin.resume().on('end', () => process.exit(0));
await Promise.all([spend(), spend(), spend()]);
