import { assert, ok } from '@scalpstorm/kernel';
import type { Fill } from '@scalpstorm/model';
import { type ConfiguredStrategy, type Strategy, strategies } from '@scalpstorm/strategies';

/** A strategy of the platform, with somebody between it and the run who hears, or changes, what it is told. */
export function overheard(
  id: string,
  between: (configured: ConfiguredStrategy) => Partial<ConfiguredStrategy>,
): ReadonlyMap<string, Strategy> {
  const known = strategies.get(id);
  assert(known !== undefined, `no strategy ${id}`);
  const configure: Strategy['configure'] = (...given) => {
    const configured = known.configure(...given);
    return configured.ok ? ok({ ...configured.value, ...between(configured.value) }) : configured;
  };
  return new Map([[id, { ...known, configure }]]);
}

/** What a fill brought or cost where fees are in quote, in 10^-18 of it. */
export const cashOf = ({ side, price, quantity, fee }: Fill): bigint =>
  ((side === 'sell' ? price : -price) * quantity) / 10n ** 6n - fee.amount;

export const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((all, amount) => all + amount, 0n);
