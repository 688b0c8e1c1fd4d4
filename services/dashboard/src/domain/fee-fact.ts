import { times } from './decimal.js';
import type { Instrument } from './rows.js';

type Rates = Pick<Instrument, 'makerFeeRate' | 'takerFeeRate'>;

/**
 * What a trade costs, and whose rates these are.
 * @param own what the account pays; undefined while it is asked, null where nobody says
 */
export function feeFact(usual: Rates, own: Rates | null | undefined): readonly [label: string, text: string] {
  if (own === undefined) return ['Your fee, maker / taker', 'asking …'];
  if (own === null) return ['Usual fee of the venue, maker / taker', ratesText(usual)];
  return ['Your fee, maker / taker', ratesText(own)];
}

const ratesText = ({ makerFeeRate, takerFeeRate }: Rates): string =>
  `${percent(makerFeeRate)} / ${percent(takerFeeRate)} %`;
const percent = (rate: string): string => times(rate, '100') ?? '–';
