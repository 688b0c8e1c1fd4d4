import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { Currency } from '@scalpstorm/model';
import type { BacktestFault } from '../fault.js';
import type { LanePlan } from './lane-options.js';

const no = (code: string, text: string, next: string) => fail<BacktestFault>({ code, text, next });

/** The asset that everything is counted in, or the first thing that can not be meant. */
export function checkPlan(
  plan: LanePlan,
  sources: readonly { readonly symbol: string }[],
): Result<Currency, BacktestFault> {
  const { instruments, balances, bots, rules } = plan;
  const [first] = instruments;
  if (first === undefined || sources.length === 0)
    return no('NO_DATA', 'There is no data.', 'Give a file: --data FILE.');
  if (bots.length === 0) return no('NO_BOTS', 'There is no bot to run.', 'Name a strategy: --strategy.');
  const other = instruments.find(({ quote }) => quote !== first.quote);
  if (other !== undefined) {
    const text = `${first.symbol} and ${other.symbol} are quoted in different assets, and nothing says what one is worth in the other.`;
    return no('QUOTES_DIFFER', text, 'Run them apart.');
  }
  if (balances.some(({ amount }) => amount < 0n))
    return no('NOT_ALLOWED', 'A balance is below zero.', 'Use 0 or more.');
  const counted = new Set(instruments.flatMap(({ base, quote }) => [base, quote]));
  if (!balances.some(({ currency, amount }) => amount > 0n && counted.has(currency)))
    return no('NOT_ALLOWED', 'cash is 0, and there is no balance of what is traded.', 'Use above 0: --cash 10000.');
  const { liquidityShare, spreadBps } = rules;
  if (liquidityShare !== null && !(liquidityShare > 0 && liquidityShare <= 1))
    return no('NOT_ALLOWED', `The liquidity share is ${liquidityShare}.`, 'Use above 0 to 1.');
  if (!(spreadBps >= 0 && spreadBps <= 1_000))
    return no('NOT_ALLOWED', `The spread is ${spreadBps}.`, 'Use 0 to 1000 basis points.');
  if (!(plan.equityEvery >= 1_000))
    return no('NOT_ALLOWED', 'The interval of the equity is too short.', 'Use a millisecond or more.');
  return ok(first.quote);
}
