import type { SizingRefusal } from '@scalpstorm/engine';
import { second, Timestamp } from '@scalpstorm/kernel';
import { Money, Price, Quantity, type Reason } from '@scalpstorm/model';
import { held } from './books.js';
import type { Draft } from './draft.js';
import type { Lacking, Unpriced } from './priced.js';
import type { ScalpingState } from './state.js';

// A bot that orders nothing although it is its turn says why, once: a line of the log and the reason of its state. It never
// stands silent.

type Waits = NonNullable<ScalpingState['waits']>;

/** A feed breathes: only what is missing for longer is told. */
const grace = 5 * second;

/** The order that is due has no price. */
export function standStill(draft: Draft, leg: 'entry' | 'exit', why: Unpriced): void {
  if (why.kind === 'out-of-range') {
    stand(draft, { about: 'order', code: outOfRangeCodes[leg], patience: 0 }, () => tellOutOfRange(draft, leg, why));
    return;
  }
  // A measure needs minutes before it is one; a feed is back in a moment.
  const patience = why.lacking.some((what) => what === 'VWAP' || what === 'ATR') ? 0 : grace;
  stand(draft, { about: 'order', code: waitsCode, patience }, () => tellWaits(draft, why.lacking, `the ${leg}`));
}

/** What the market has to tell before a size can be reckoned is waited for as a price is. */
const lackingOf: Partial<Record<SizingRefusal['code'], readonly Lacking[]>> = {
  SIZING_NEEDS_PRICE: ['quote', 'trade'],
  SIZING_NEEDS_ATR: ['ATR'],
};

/** Nobody can tell how large the entry is to be, or it would be too small. */
export function standUnsized(draft: Draft, refusal: SizingRefusal): void {
  const { code, value, minimum, next } = refusal;
  const lacking = lackingOf[code];
  if (lacking !== undefined) {
    standStill(draft, 'entry', { kind: 'waits', lacking });
    return;
  }
  const waits = `WAITS_${code}`;
  // After each of its fills the account has to be heard of anew.
  const patience = code === 'SIZING_NEEDS_BALANCE' ? grace : 0;
  const text = `Nothing is ordered. ${refusal.text} ${next}`;
  stand(draft, { about: 'order', code: waits, patience }, () =>
    tell(draft, 'WARNING', { code: waits, text }, { value, minimum, next }),
  );
}

/** What is held has a stop, and nobody knows what the market would pay. */
export function standBlind(draft: Draft): void {
  const { waits } = draft.state;
  if (waits !== null && waits.about !== 'market') return;
  const tell = () => tellWaits(draft, ['quote', 'trade'], 'stop-loss and trailing');
  stand(draft, { about: 'market', code: waitsCode, patience: grace }, tell);
}

/** A stop is reached, or an exit is due, and what is held is worth too little there for an order. */
export function standTooSmall(draft: Draft, what: 'stop-loss' | 'trailing stop' | 'exit', mark: Price): void {
  const about = what === 'exit' ? 'order' : 'market';
  const { waits } = draft.state;
  if (about === 'market' && waits !== null && standsAgain(draft, waits)) return;
  stand(draft, { about, code: tooSmallCode, patience: 0 }, () => {
    const { base, quote, venue, notionalMin } = draft.context.instrument;
    const [quantity, price] = [Quantity.format(held(draft.state.books)), Price.format(mark)];
    const least = `${Money.format(notionalMin)} ${quote}`;
    const text =
      `The ${what} would be at ${price}, but ${quantity} ${base} are worth less there than the ${least} that ${venue} takes in one order. ` +
      'Nothing new is bought or sold; it closes as soon as an order is possible.';
    tell(draft, 'WARNING', { code: tooSmallCode, text }, { price, quantity, least });
  });
}

/** Whether a stop that is reached again has been told before, and nothing that was told since hides it. */
function standsAgain(draft: Draft, waits: Waits): boolean {
  if (waits.stopTold && waits.about === 'order') return true;
  const again = waits.dormant || (waits.stopTold && !waits.told);
  if (again) draft.set({ waits: stopThatStands(waits, false) });
  return again === true;
}

const stopThatStands = ({ since }: Waits, dormant: boolean): Waits => ({
  about: 'market',
  code: tooSmallCode,
  since,
  told: true,
  dormant,
});

/** The price has turned round the level of a stop that stands as too small: what was told of it holds on, and silences nothing else. */
export function lieDormant(draft: Draft): void {
  const { waits } = draft.state;
  if (waits?.about !== 'market' || waits.dormant) return;
  // Nobody has heard that the market was not known for a moment.
  const stands = waits.code === tooSmallCode || (waits.stopTold && !waits.told);
  if (stands) draft.set({ waits: stopThatStands(waits, true) });
  else goOn(draft, 'market');
}

/** The venue has ended the order and counts more of it as filled than it has told; execution asks for the rest. */
export function standForFills(draft: Draft): void {
  stand(draft, { about: 'order', code: 'WAITS_FOR_FILLS', patience: grace }, () => {
    const { venue } = draft.context.instrument;
    const text =
      `Its order is over at ${venue}, which counts more of it as filled than it has told. Nothing is ordered until the rest is known; ` +
      'it is asked for again and again. If it lasts, compare the books with the venue.';
    tell(draft, 'WARNING', { code: 'WAITS_FOR_FILLS', text }, {});
  });
}

/** What it waited for is there; of the market: it is known, and an order is possible there. */
export function goOn(draft: Draft, about: 'order' | 'market'): void {
  const { waits } = draft.state;
  if (waits === null) return;
  if (waits.about !== about) {
    if (about === 'market' && waits.stopTold) {
      forgetStop(draft, waits);
      if (!isHeard(waits)) tellGoesOn(draft);
    }
    return;
  }
  // Nobody has heard of it: the stop in whose place it was stands as before.
  const stands = about === 'order' && waits.stopTold && !isHeard(waits);
  draft.set({ waits: stands ? stopThatStands(waits, true) : null });
  if (!stands && (isHeard(waits) || waits.stopTold)) tellGoesOn(draft);
}

/** Whether somebody was told of it, or of what stood before it and is not over for whoever was told. */
const isHeard = ({ told, said }: Waits): boolean => told || said !== undefined;

/** Where the market is not known it is over because there is nothing left to wait for: it was closed meanwhile. */
function tellGoesOn(draft: Draft): void {
  const { quote, trade } = draft.context;
  const what = quote === null && trade === null ? 'There is nothing left to wait for' : 'What it waited for is there';
  draft.reach('goes-on', 'PRICE_KNOWN', `${what}; the bot goes on.`);
}

/** It is closed or ended at somebody's word: no stop watches any longer, and what stands from here on is told. */
export function watchNoLonger(draft: Draft): void {
  const { waits } = draft.state;
  if (waits?.about === 'market') draft.set({ waits: null });
  else if (waits !== null) forgetStop(draft, waits);
}

function forgetStop(draft: Draft, waits: Waits): void {
  if (waits.stopTold) draft.set({ waits: { ...waits, stopTold: false } });
}

/** The parameters are others now: what was told of the old ones is told anew, or over. */
export function judgeAnew(draft: Draft): void {
  const { waits } = draft.state;
  if (waits && (isHeard(waits) || waits.stopTold)) draft.reach('goes-on', 'EDITED', 'Its parameters were edited.');
  if (waits !== null) draft.set({ waits: null });
}

const waitsCode = 'WAITS_FOR_PRICE';
const tooSmallCode = 'WAITS_CLOSE_TOO_SMALL';
const outOfRangeCodes = { entry: 'WAITS_ENTRY_OUT_OF_RANGE', exit: 'WAITS_EXIT_OUT_OF_RANGE' } as const;

interface Standing {
  readonly about: 'order' | 'market';
  readonly code: string;
  /** How long it stands before it is told. */
  readonly patience: number;
}

function stand(draft: Draft, { about, code, patience }: Standing, tell: () => void): void {
  const { waits } = draft.state;
  const { now } = draft.context;
  const stop = waits?.about === 'market' && waits.told ? waits : null;
  const tooSmall = stop?.code === tooSmallCode;
  // There is room for one: a stop that is reached is what matters more, and two would push each other out at every price.
  if (about === 'order' && stop !== null && (!stop.dormant || stop.code === code)) return;
  const known = waits?.code === code && waits.about === about ? waits : null;
  if (known?.told) return;
  const since = known?.since ?? now;
  const said = about === 'order' && waits?.about === 'order' ? saidBefore(waits) : undefined;
  // What was told before a moment in which something else was missing stands again: once is enough.
  const again = said === code;
  const told = again || now >= since + patience;
  const stopTold = (about === 'order' || code !== tooSmallCode) && (tooSmall || waits?.stopTold === true);
  const kept = { ...(stopTold && { stopTold }), ...(!told && said !== undefined && { said }) };
  if (known === null || told) draft.set({ waits: { about, code, since, told, ...kept } });
  if (again) return;
  if (told) tell();
  else if (known === null) draft.emit({ kind: 'wait-until', at: Timestamp.plus(now, patience) });
}

/** What whoever looks at the bot reads there, by its code. */
const saidBefore = ({ told, code, said }: Waits): string | undefined => (told ? code : said);

function tellWaits(draft: Draft, lacking: readonly Lacking[], who: string): void {
  const { instrument } = draft.context;
  const measures = lacking.filter((what) => what === 'VWAP' || what === 'ATR');
  const text =
    measures.length > 0
      ? `Waits until ${measures.join(' and ')} can be told from the trades that come.`
      : `Waits for a ${lacking.join(' or a ')} of ${instrument.symbol} at ${instrument.venue}, from which ${who} is told. ` +
        'It goes on by itself; if others hear the market, see whether market-data does.';
  tell(draft, 'INFO', { code: waitsCode, text }, { waitsFor: lacking });
}

type OutOfRange = Extract<Unpriced, { kind: 'out-of-range' }>;

function tellOutOfRange(draft: Draft, leg: 'entry' | 'exit', { side, value, limits }: OutOfRange): void {
  const { symbol, venue, base } = draft.context.instrument;
  const [price, min, max] = [Price.format(value), Price.format(limits.min), Price.format(limits.max)];
  const field = side === 'buy' ? 'buyPrice' : 'sellPrice';
  const consequence =
    leg === 'entry'
      ? `Nothing is ordered. Edit ${field}.`
      : `No exit rests; the bot keeps ${Quantity.format(held(draft.state.books))} ${base}. Edit ${field}, or flatten the bot.`;
  const text = `The ${leg} would be priced at ${price}; ${venue} takes ${symbol} from ${min} to ${max}. ${consequence}`;
  const level = leg === 'entry' ? 'WARNING' : 'ERROR';
  tell(draft, level, { code: outOfRangeCodes[leg], text }, { leg, side, price, min, max, field: `/${field}` });
}

function tell(
  draft: Draft,
  level: 'INFO' | 'WARNING' | 'ERROR',
  reason: Reason,
  data: Parameters<Draft['log']>[2],
): void {
  draft.log(level, reason, data);
  draft.reach('waits', reason.code, reason.text);
}
