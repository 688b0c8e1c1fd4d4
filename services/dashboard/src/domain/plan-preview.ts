import { shown, times } from './decimal.js';
import { limitOf, type PlanDraft } from './plan-draft.js';
import { durationWords } from './plan-words.js';
import { sourceWords } from './trigger-text.js';

interface Market {
  readonly base: string;
  readonly quote: string;
}

/** What is planned, each step in a sentence, in the order in which they happen. Of a draft without faults. */
export function planPreview(draft: PlanDraft, market: Market): readonly string[] {
  const { plan, reduceOnly } = draft;
  const judged = reduceOnly
    ? 'It only gives back what your orders by hand hold there; no halt and no limit stands in its way.'
    : 'The risk gate judges each order against your limits when it is due.';
  switch (plan) {
    case 'bracket':
      return [
        `${acts(draft, market, draft.entryAtMarket ? '' : draft.price)}.`,
        `With each of its fills, as much more is protected: ${stopSentence(draft, market, other(draft.side))}.`,
        ...targetSentence(draft, market, other(draft.side)),
        'An entry that ends unfilled ends the plan. The risk gate judges the entry; no halt takes the stop away.',
      ];
    case 'oco':
      return [
        `A stop for ${shown(draft.quantity.trim())} ${market.base} that you hold by hand: ${stopSentence(draft, market, draft.side)}.`,
        ...targetSentence(draft, market, draft.side),
        'Whichever comes first ends the other.',
      ];
    case 'twap':
      return [...twapSentences(draft, market), judged];
    default:
      return [
        `${acts(draft, market, draft.price)}.`,
        `Others see ${shown(draft.show.trim())} ${market.base} at a time; the next part follows when one is filled.`,
        judged,
      ];
  }
}

/** About what it is worth, at its own price or at the last. Null while neither is known. */
export function worthOfPlan(draft: PlanDraft, last: string | null): string | null {
  const own = limitOf(draft) === 'none' ? '' : draft.price.trim();
  return times(draft.quantity.trim(), own === '' ? last : own);
}

const other = (side: PlanDraft['side']): PlanDraft['side'] => (side === 'buy' ? 'sell' : 'buy');
const verb = (side: PlanDraft['side']): string => (side === 'buy' ? 'buys' : 'sells');

function atLimit(price: string, side: PlanDraft['side'], { quote }: Market): string {
  if (price.trim() === '') return 'at whatever price there is';
  return `at ${shown(price.trim())} ${quote} or ${side === 'buy' ? 'lower' : 'higher'}`;
}

function acts({ side, quantity }: PlanDraft, market: Market, price: string): string {
  const said = verb(side);
  const amount = `${shown(quantity.trim())} ${market.base}`;
  return `${said.charAt(0).toUpperCase()}${said.slice(1)} ${amount} ${atLimit(price, side, market)}`;
}

function stopSentence(draft: PlanDraft, market: Market, side: PlanDraft['side']): string {
  const looked = sourceWords[draft.exitSource];
  if (draft.stopTrails) {
    const moved = side === 'sell' ? 'fallen' : 'risen';
    return `it ${verb(side)} when ${looked} has ${moved} by ${shown(draft.stopDistance.trim())} % from its best`;
  }
  const moves = side === 'sell' ? 'falls' : 'rises';
  const at = atLimit(draft.stopLimit, side, market);
  return `it ${verb(side)} ${at} when ${looked} ${moves} to ${shown(draft.stopTrigger.trim())} ${market.quote}`;
}

function targetSentence(draft: PlanDraft, market: Market, side: PlanDraft['side']): readonly string[] {
  const price = draft.target.trim();
  if (price === '') return [];
  const moves = side === 'sell' ? 'rises' : 'falls';
  const at = atLimit(draft.targetAtMarket ? '' : price, side, market);
  return [
    `When ${sourceWords[draft.exitSource]} ${moves} to ${shown(price)} ${market.quote} the stop is taken back, and it ${verb(side)} ${at}.`,
  ];
}

function twapSentences(draft: PlanDraft, market: Market): readonly string[] {
  const [slices, seconds] = [Number(draft.slices), Number(draft.intervalSeconds)];
  return [
    `${acts(draft, market, draft.price)}, in ${slices} equal slices, one every ${durationWords(seconds)}.`,
    `The last one begins after ${durationWords((slices - 1) * seconds)}.`,
    'What a slice does not fill is spread over those that are left.',
  ];
}
