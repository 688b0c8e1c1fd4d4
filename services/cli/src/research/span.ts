import type { Command } from 'commander';
import type { Row } from '../api-client.js';

/** As commander reads them: texts. */
export interface SpanOptions {
  readonly instrument: string;
  readonly timeframe: string;
  readonly from: string;
  readonly to: string;
  readonly name?: string;
  readonly priority: string;
  readonly wait?: boolean;
}

/** Over which bars, and whose turn it is. */
export function addSpanOptions(command: Command): Command {
  return command
    .requiredOption('--instrument <id>', 'e.g. sim:BTC-USDT; see scalpstorm instruments')
    .requiredOption('--timeframe <timeframe>', '1s, 1m, 5m, 15m, 1h, 4h or 1d')
    .requiredOption('--from <time>', 'bars that opened then or later, e.g. 2026-11-22T10:00:00Z')
    .requiredOption('--to <time>', 'bars that opened before that')
    .option('--name <text>', 'to find it again')
    .option('--priority <priority>', 'low, normal or high: among my own', 'normal');
}

/** As the API has them. */
export const spanOf = ({ instrument, timeframe, from, to, name, priority }: SpanOptions): Row => ({
  ...{ instrument, timeframe, from, to, name, priority },
});
