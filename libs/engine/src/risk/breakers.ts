import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import { type CycleExit, Money, type TradingState } from '@scalpstorm/model';

/** What one completed cycle came to. */
export interface CycleResult {
  /** After fees. */
  readonly net: Money;
  readonly exit: CycleExit;
  readonly completedAt: Timestamp;
}

/** Null: that breaker is off. All money is in one currency; results in another count for what is counted and not for what is summed. */
export interface BreakerLimits {
  /** Σ net of the UTC day, as a loss. */
  readonly dailyLossMax: Money | null;
  /** So many cycles one after the other, each with a loss. */
  readonly lossesInARowMax: number | null;
  readonly cyclesPerDayMax: number | null;
  /** Cycles that ended by a stop-loss within the hour before the last. */
  readonly stopLossesPerHourMax: number | null;
  /** Nothing is opened for so long after a cycle with a loss. */
  readonly restAfterLoss: Micros | null;
  /** Σ net of a look-back, when there are enough cycles in it, below the floor. Not there: off. */
  readonly lowProfit?: LowProfit | null;
}

export interface LowProfit {
  /** May be below zero. */
  readonly floor: Money;
  readonly cyclesMin: number;
  readonly within: Micros;
}

export interface BreakerSettings {
  readonly limits: BreakerLimits;
  /** How long what is not bound to the day stays tripped. */
  readonly coolDown: Micros;
  readonly state: Exclude<TradingState, 'active'>;
}

export const breakers = [
  'daily-loss',
  'losses-in-a-row',
  'cycles-per-day',
  'stop-losses',
  'rest-after-loss',
  'low-profit',
] as const;
export type Breaker = (typeof breakers)[number];

export interface Trip {
  readonly breaker: Breaker;
  readonly state: Exclude<TradingState, 'active'>;
  /** It stays tripped until then. */
  readonly until: Timestamp;
  /** Texts, in the unit of the limit. */
  readonly limit: string;
  readonly value: string;
  readonly text: string;
}

const hour = 3_600 * second;
const day = 24 * hour;
export const dayOf = (time: Timestamp): Timestamp => Timestamp.fromMicros(time - (time % day));
const endOfDay = (time: Timestamp): Timestamp => Timestamp.plus(dayOf(time), day);

/**
 * Which breakers the newest result trips, the one that stays longest first. `results`: of one bot, or of one circle of bots of one mode, the
 * oldest first, at least those of the last's UTC day and of the hour before it. Pure: the same results trip the same, whenever they are judged.
 */
export function tripsBy(results: readonly CycleResult[], settings: BreakerSettings): readonly Trip[] {
  const last = results.at(-1);
  if (last === undefined) return [];
  const today = results.filter(({ completedAt }) => completedAt >= dayOf(last.completedAt));
  const judgement = { results, today, last, settings };
  return [dailyLoss, lossesInARow, cyclesPerDay, stopLosses, restAfterLoss, lowProfit]
    .map((judge) => judge(judgement))
    .filter((trip) => trip !== null)
    .toSorted((left, right) => right.until - left.until);
}

interface Judged {
  readonly results: readonly CycleResult[];
  readonly today: readonly CycleResult[];
  readonly last: CycleResult;
  readonly settings: BreakerSettings;
}

const isLoss = ({ net }: CycleResult): boolean => net.amount < 0n;

function dailyLoss({ today, last, settings }: Judged): Trip | null {
  const { dailyLossMax: limit } = settings.limits;
  if (limit === null || !isLoss(last)) return null;
  const sum = today.reduce((all, { net }) => (net.currency === limit.currency ? all + net.amount : all), 0n);
  if (-sum < limit.amount) return null;
  const [most, lost] = [Money.format(limit), Money.format({ ...limit, amount: -sum })];
  const text = `Daily loss: ${lost} ${limit.currency} lost today, at most ${most}`;
  return { ...trip('daily-loss', settings, endOfDay(last.completedAt)), limit: most, value: lost, text };
}

function lossesInARow({ results, last, settings }: Judged): Trip | null {
  const { lossesInARowMax: limit } = settings.limits;
  if (limit === null || !isLoss(last)) return null;
  const count = results.length - 1 - results.findLastIndex((result) => !isLoss(result));
  if (count < limit) return null;
  const text = `Losses in a row: ${count}, at most ${limit - 1} are allowed`;
  return { ...trip('losses-in-a-row', settings, afterRest(last, settings.coolDown)), ...numbers(limit, count), text };
}

function cyclesPerDay({ today, last, settings }: Judged): Trip | null {
  const { cyclesPerDayMax: limit } = settings.limits;
  if (limit === null || today.length < limit) return null;
  const text = `Cycles per day: ${today.length} today, at most ${limit}`;
  return { ...trip('cycles-per-day', settings, endOfDay(last.completedAt)), ...numbers(limit, today.length), text };
}

function stopLosses({ results, last, settings }: Judged): Trip | null {
  const { stopLossesPerHourMax: limit } = settings.limits;
  if (limit === null || last.exit !== 'stop-loss') return null;
  const since = Timestamp.plus(last.completedAt, -hour);
  const count = results.filter(({ exit, completedAt }) => exit === 'stop-loss' && completedAt > since).length;
  if (count < limit) return null;
  const text = `Stop-losses: ${count} within an hour, at most ${limit - 1} are allowed`;
  return { ...trip('stop-losses', settings, afterRest(last, settings.coolDown)), ...numbers(limit, count), text };
}

function restAfterLoss({ last, settings }: Judged): Trip | null {
  const { restAfterLoss: rest } = settings.limits;
  if (rest === null || !isLoss(last)) return null;
  const text = `Rest after a loss: ${rest / second} s`;
  const value = Money.format({ ...last.net, amount: -last.net.amount });
  return { ...trip('rest-after-loss', settings, afterRest(last, rest)), limit: '0', value, text };
}

function lowProfit({ results, last, settings }: Judged): Trip | null {
  const { lowProfit: limit = null } = settings.limits;
  if (limit === null) return null;
  const since = Timestamp.plus(last.completedAt, -limit.within);
  const { floor } = limit;
  const looked = results.filter(({ net, completedAt }) => completedAt > since && net.currency === floor.currency);
  const sum = { ...floor, amount: looked.reduce((all, { net }) => all + net.amount, 0n) };
  if (looked.length < limit.cyclesMin || sum.amount >= floor.amount) return null;
  const [least, earned] = [Money.format(floor), Money.format(sum)];
  const hours = limit.within / hour;
  const text = `Low profit: ${earned} ${floor.currency} in ${looked.length} cycles within ${hours} h, at least ${least}`;
  const until = afterRest(last, settings.coolDown);
  return { ...trip('low-profit', settings, until), limit: least, value: earned, text };
}

const trip = (breaker: Breaker, { state }: BreakerSettings, until: Timestamp) => ({ breaker, state, until });
const afterRest = ({ completedAt }: CycleResult, rest: Micros): Timestamp => Timestamp.plus(completedAt, rest);
const numbers = (limit: number, count: number) => ({ limit: String(limit), value: String(count) });
