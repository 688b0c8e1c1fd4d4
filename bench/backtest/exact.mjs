// The exact way (`backtest --exact`): a live bot of ema-cross over a file of bars, with the gate, the life of orders and exact money.
import { laneInstrument, plainRules, runLane, usualBounds } from '@scalpstorm/backtest';
import { formatDecimal, Money, Price } from '@scalpstorm/model';
import { exactFloor } from './exact-floor.mjs';

const [quantity, cash, feeBps, symbol] = ['0.1', 1_000_000, 1, 'BTC-USDT'];
const minute = 60e6;
const chunk = 65_536;

/** The text of a file of these bars, prices on ticks of 0.01. */
export function fileOf({ openedAt, open, high, low, close, volume, length }) {
  const rows = ['time,open,high,low,close,volume'];
  for (let bar = 0; bar < length; bar += 1) {
    const prices = [open, high, low, close].map((column) => column[bar].toFixed(2));
    rows.push([openedAt[bar] / 1e6, ...prices, volume[bar].toFixed(5)].join(','));
  }
  return Buffer.from(rows.join('\n'));
}

export async function exactRun(text, parameters) {
  const ran = await runLane(planOf(parameters), [{ name: 'bars.csv', symbol, chunks: chunksOf(text) }]);
  if (ran.ok) return ran.value;
  throw new Error(`${ran.error.code}: ${ran.error.text}`);
}

/** By hand, over the same text. */
export const exactByHand = (text, { fast, slow }) =>
  exactFloor(text, { fast, slow, quantity: Number(quantity), cash, feeBps });

/** Each fill, all fees, and what the account is worth at the end. */
export function agreeExactly({ openedAt }, least, { fills, lane }) {
  const told = fills.map(
    ({ occurredAt, side, price }) =>
      `${(occurredAt - openedAt[0]) / minute} ${side === 'buy' ? 1 : -1} ${Price.format(price)}`,
  );
  const wanted = least.fills.map(([bar, side, ticks]) => `${bar} ${side} ${Number((ticks / 100).toFixed(2))}`);
  requireSame('fills', told.join('; '), wanted.join('; '));
  const fees = fills.reduce((sum, { fee }) => sum + fee.amount, 0n);
  requireSame('fees', formatDecimal(fees, 18), formatDecimal(least.totalFees, 11));
  requireSame('equity', formatDecimal(lane.curve.values.at(-1), 18), formatDecimal(least.equity.at(-1), 11));
}

function requireSame(what, told, wanted) {
  if (told !== wanted) throw new Error(`exact: ${what} are ${told.slice(0, 200)}, and ${wanted.slice(0, 200)} by hand`);
}

function planOf(parameters) {
  const instrument = laneInstrument({ symbol, tick: '0.01', step: '0.00001', notionalMin: '5' });
  const rate = String(feeBps / 10_000);
  return {
    instruments: [instrument.value],
    bots: [{ strategy: 'ema-cross', parameters: { ...parameters, quantity, slippageBps: '500' }, symbol }],
    balances: [Money.of(String(cash), 'USDT')],
    rules: {
      ...plainRules,
      fees: [{ volumeMin: Money.of('0', 'USDT'), makerRate: rate, takerRate: rate }],
      feeIn: 'quote',
    },
    limits: {},
    equityEvery: minute,
    seed: 1,
    bounds: usualBounds,
  };
}

async function* chunksOf(text) {
  for (let at = 0; at < text.length; at += chunk) yield text.subarray(at, at + chunk);
}
