import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import type { Context } from '../context.js';
import { exitCodes, Failure, usageFailure } from '../failure.js';
import { confirm } from '../prompt.js';
import { showFields, textOf } from '../rows.js';
import type { Runner } from '../runner.js';

interface PlaceOptions {
  readonly account?: string;
  readonly symbol?: string;
  readonly side?: string;
  readonly quantity?: string;
  readonly price?: string;
  readonly market?: boolean;
  readonly close?: boolean;
  readonly timeInForce?: string;
  readonly expiresAt?: string;
  readonly display?: string;
  readonly stop?: string;
  readonly takeProfit?: string;
  readonly trail?: string;
  readonly activation?: string;
  readonly source?: string;
  readonly yes?: boolean;
}

const examples = `
  scalpstorm orders place --account demo --symbol BTC-USDT --side buy --quantity 0.001 --price 61800
  scalpstorm orders place --account demo --symbol BTC-USDT --side sell --quantity 0.001 --market --close --stop 60000
  scalpstorm orders place --account demo --symbol BTC-USDT --side sell --quantity 0.001 --market --close --trail 150`;

/** Orders by hand. */
export function registerPlaceOrder(orders: Command, run: Runner): void {
  orders
    .command('place')
    .description('order by hand; the risk gate judges it as it judges a bot’s')
    .option('--account <id>', 'see scalpstorm accounts')
    .option('--symbol <BASE-QUOTE>', 'e.g. BTC-USDT')
    .option('--side <side>', 'buy or sell')
    .option('--quantity <amount>', 'of the base currency')
    .option('--price <price>', 'a limit order')
    .option('--market', 'an order at the market')
    .option('--close', 'give back what my orders by hand hold: no limit stands in its way')
    .option('--time-in-force <life>', 'GTC, IOC, FOK, PO or GTD (default GTC)')
    .option('--expires-at <time>', 'of GTD: until when, e.g. 2026-12-01T00:00:00Z')
    .option('--display <amount>', 'how much of it others see at a time')
    .option('--stop <price>', 'wait until the market comes to this price against it')
    .option('--take-profit <price>', 'wait until the market comes to this price with it')
    .option('--trail <bps>', 'wait until the market has come back so far from its best, in basis points')
    .option('--activation <price>', 'with --trail: follow from this price on')
    .option('--source <price>', 'what a trigger looks at: last, mark or mid (default last)')
    .option('--yes', 'do not ask before real money is traded')
    .addHelpText('after', examples)
    .action(run<PlaceOptions>(async (context, { options }) => place(context, options)));
}

async function place(context: Context, options: PlaceOptions): Promise<void> {
  const body = bodyOf(options);
  await confirmLive(context, body, options.yes);
  const asked = (await context.api.send('POST', '/v1/orders', body)) as Row;
  const order = await judged(context, asked);
  showFields(context, order);
  if (order['status'] !== 'denied' && order['status'] !== 'rejected') return;
  const reason = (order['reason'] ?? {}) as Row;
  throw new Failure(textOf(reason['code']) || 'ORDER_REFUSED', textOf(reason['text']), {
    exitCode: exitCodes.refused,
    next: textOf(((order['denial'] ?? {}) as Row)['next']),
  });
}

function bodyOf(options: PlaceOptions): Row {
  const { account, symbol, side, quantity, price, market, close, timeInForce, expiresAt, display } = options;
  if ((price === undefined) === (market !== true))
    throw usageFailure('ASKED_WRONGLY', 'at which price?', 'give --price, or --market');
  const body = {
    account,
    symbol,
    side,
    quantity,
    type: market === true ? 'market' : 'limit',
    price,
    purpose: close === true ? 'close' : 'open',
    timeInForce,
    expiresAt,
    displayQuantity: display,
    trigger: triggerOf(options),
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

function triggerOf({ stop, takeProfit, trail, activation, source }: PlaceOptions): Row | undefined {
  const given = [stop, takeProfit, trail].filter((option) => option !== undefined).length;
  if (given > 1) throw usageFailure('ASKED_WRONGLY', 'one trigger.', 'give --stop, --take-profit or --trail');
  if (given === 0) {
    if (activation === undefined && source === undefined) return undefined;
    throw usageFailure('ASKED_WRONGLY', 'of which trigger?', 'give --stop, --take-profit or --trail');
  }
  const looksAt = source === undefined ? {} : { source };
  if (trail !== undefined) {
    if (!/^\d{1,5}$/.test(trail)) throw usageFailure('INVALID_OPTION', `--trail cannot be "${trail}".`, 'e.g. 150');
    const from = activation === undefined ? {} : { activationPrice: activation };
    return { kind: 'trailing', distanceBps: Number(trail), ...from, ...looksAt };
  }
  return stop === undefined
    ? { kind: 'take-profit', price: takeProfit, ...looksAt }
    : { kind: 'stop', price: stop, ...looksAt };
}

async function confirmLive(context: Context, body: Row, yes: boolean | undefined): Promise<void> {
  const accounts = await context.api.list('/v1/accounts');
  const account = accounts.data.find(({ id }) => id === body['account']);
  if (account?.['mode'] !== 'live') return;
  await confirm(context.terminal, { question: `Trade real money at ${textOf(account['label'])}?`, yes });
}

/** As long as somebody waits at a terminal for a verdict, which usually takes some milliseconds. */
const waitMsMax = 5_000;
const lookEveryMs = 100;

/** The order when the gate has judged it; as it was asked for where that takes too long. */
async function judged({ api, output }: Context, asked: Row): Promise<Row> {
  const path = `/v1/orders/${encodeURIComponent(textOf(asked['clientOrderId']))}`;
  try {
    for (let waited = 0; waited < waitMsMax; waited += lookEveryMs) {
      const order = (await api.get(path)) as Row;
      if (order['status'] !== 'initialized' && order['status'] !== 'sending') return order;
      await delay(lookEveryMs);
    }
  } catch (error) {
    // It was placed: whoever loses its id places it again.
    if (!(error instanceof Failure)) throw error;
    output.note(`${error.code}: ${error.message} It was asked for all the same: scalpstorm orders show tells more`);
    return asked;
  }
  output.note('the risk gate has not answered yet: scalpstorm orders show tells more');
  return asked;
}
