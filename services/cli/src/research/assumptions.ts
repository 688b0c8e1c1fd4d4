import type { BarMarket } from '@scalpstorm/backtest';
import type { Row } from '../api-client.js';

/** As the API has them. */
export function assumptionsOf({
  cash,
  size,
  slippage,
  takerFeeBps,
  makerFeeBps,
  spreadBps,
  liquidityShare,
  path: first,
}: BarMarket): Row {
  const valued = ({ kind, ...values }: { readonly kind: string }): Row => {
    const [value] = Object.values(values);
    return { kind, ...(value === undefined ? {} : { value }) };
  };
  const fees = { feeBps: takerFeeBps, makerFeeBps, spreadBps };
  const share = liquidityShare === null ? {} : { liquidityShare };
  return { cash, size: valued(size), slippage: valued(slippage), ...fees, ...share, path: first };
}
