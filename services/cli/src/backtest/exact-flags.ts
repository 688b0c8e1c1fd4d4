import type { Command } from 'commander';
import { collect } from '../collect.js';
import type { ExactOptions } from './exact-options.js';

/** As commander names them: the plain way knows nothing of these, the exact one nothing of those. */
export const exactOnly: readonly (keyof ExactOptions)[] = [
  'tick',
  'step',
  'minNotional',
  'balance',
  'market',
  'feeTier',
  'feeIn',
  'touch',
  'queue',
  'orderLatencyMs',
  'dataLatencyMs',
  'fundingRate',
  'limit',
  'seed',
  'equityEvery',
  'fills',
];
export const plainOnly: readonly (keyof ExactOptions)[] = ['size', 'fill'];

/** What the exact way knows beside the plain one. */
export function addExactOptions(command: Command): void {
  command
    .option('--exact', 'a strategy over bars as it runs live: engine, gate, orders and exact money')
    .option('--symbol <symbol>', 'of the data where the file name does not tell, e.g. BTC-USDT')
    .option('--tick <size>', 'of prices, also BTC-USDT=0.1; exact way, as all that follow (default: 0.01)', collect)
    .option('--step <size>', 'of quantities (default: 0.00001)', collect)
    .option('--min-notional <amount>', 'the least value of an order', '5')
    .option('--balance <asset=amount>', 'beside the cash; may be repeated', collect)
    .option('--market <kind>', 'spot or perpetual', 'spot')
    .option('--fee-tier <volume:maker:taker>', 'basis points from so much in 30 days on; may be repeated', collect)
    .option('--fee-in <asset>', 'received (a buy pays in base) or quote', 'received')
    .option('--touch', 'bars: a price that is only touched fills what rests there')
    .option('--queue <quantity>', 'trades: what others have queued at a price (default: without end)')
    .option('--order-latency-ms <ms>', 'from bot to venue; 20:5 is 20 to 25, by the seed', '0')
    .option('--data-latency-ms <ms>', 'from venue to bot', '0')
    .option('--funding-rate <share>', 'every 8 hours, of a perpetual (default: as a file of rates says)')
    .option('--limit <name=value>', 'of the risk gate; may be repeated', collect)
    .option('--seed <number>', 'of what is left to chance', '1')
    .option('--equity-every <seconds>', 'between two points of the equity', '60')
    .option('--fills <file>', 'write the fills there, as CSV');
}
