import { matchByContent, type OrderContent } from '@scalpstorm/engine';
import { Quantity } from '@scalpstorm/model';
import type { Mutant } from './wrapped.js';

const likeAnyOther = <Content extends OrderContent>(content: Content): Content => ({
  ...content,
  ...({ type: 'limit', price: null, quantity: Quantity.zero, timeInForce: 'GTC', tag: null } as const),
});

export const mutantsOfMatching: readonly Mutant[] = [
  {
    name: 'matched-by-pair-and-side',
    text: 'where the venue keeps no ids, any order of the pair and the side is taken for the one in doubt',
    seams: {
      matchesOrders: (wanted, found, circumstances) =>
        matchByContent(wanted.map(likeAnyOther), found.map(likeAnyOther), circumstances),
    },
  },
];
