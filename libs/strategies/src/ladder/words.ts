import { type Instrument, Quantity, type Reason } from '@scalpstorm/model';
import { held } from '../scalping-cycle/books.js';
import type { ScalpingState } from '../scalping-cycle/state.js';
import type { Effect, Milestone } from '../sdk/strategy.js';
import type { LadderState } from './state.js';

// What several rungs say, told as one bot tells it: one milestone of its life a step, and each reason for standing still once, however
// many rungs have it.

export interface RungWord {
  readonly index: number;
  readonly effect: Extract<Effect, { kind: 'reached' | 'log' }>;
}

interface Whole {
  /** Before and after the step. */
  readonly before: readonly ScalpingState[];
  readonly rungs: readonly ScalpingState[];
  readonly ending: LadderState['ending'];
  readonly instrument: Instrument;
}

export function mergedWords(words: readonly RungWord[], whole: Whole): readonly Effect[] {
  return [...logs(words, whole), ...life(words, whole), ...reasons(words, whole)];
}

const isAtRest = ({ mode }: ScalpingState): boolean => mode === 'stopped' || mode === 'finished' || mode === 'failed';
const reached = (milestone: Milestone, reason: Reason): Effect => ({ kind: 'reached', milestone, reason });

function said(words: readonly RungWord[], milestone: Milestone): Reason | null {
  for (const { effect } of words) if (effect.kind === 'reached' && effect.milestone === milestone) return effect.reason;
  return null;
}

function logs(words: readonly RungWord[], whole: Whole): readonly Effect[] {
  const told = new Set<string>();
  return words.flatMap(({ index, effect }) => {
    if (effect.kind !== 'log') return [];
    const { code, text } = effect;
    if (code.startsWith('WAITS_')) {
      if (told.has(code) || isTold(whole, index, code)) return [];
      told.add(code);
    }
    return [{ ...effect, text: `Rung ${index + 1}: ${text}`, data: { ...effect.data, rung: index + 1 } }];
  });
}

/** Another rung stands still for the same reason, and has said so. */
const isTold = ({ before }: Whole, index: number, code: string): boolean =>
  before.some(({ waits, failures }, other) => {
    if (other === index) return false;
    return code === 'WAITS_ORDER_REFUSED' ? failures > 1 : waits?.told === true && waits.code === code;
  });

function life(words: readonly RungWord[], whole: Whole): readonly Effect[] {
  const { rungs } = whole;
  const byHand = said(words, 'auto-stopped');
  if (byHand !== null) return [reached('auto-stopped', byHand)];
  const failed = said(words, 'failed');
  const ended = said(words, 'stopped') ?? said(words, 'finished') ?? failed;
  if (ended !== null && rungs.every(isAtRest)) return [end(whole, ended, failed)];
  const paused = said(words, 'paused');
  if (paused !== null && rungs.every((rung) => rung.mode === 'paused' || isAtRest(rung))) {
    return [reached('paused', paused)];
  }
  const started = said(words, 'started');
  return [
    ...(started === null ? [] : [reached('started', started)]),
    ...(failed === null ? [] : [reached('waits', oneFailed(rungs, failed))]),
  ];
}

function end({ rungs, ending, instrument }: Whole, { code }: Reason, failed: Reason | null): Effect {
  if (ending !== null) return reached(ending.milestone, { code: ending.code, text: ending.text });
  if (failed !== null && rungs.every(({ mode }) => mode === 'failed')) return reached('failed', failed);
  const kept = rungs.reduce((sum, { books }) => Quantity.plus(sum, held(books)), Quantity.zero);
  const text = `The bot is stopped and holds ${Quantity.format(kept)} ${instrument.base}.`;
  return reached('stopped', { code, text });
}

function oneFailed(rungs: readonly ScalpingState[], { text }: Reason): Reason {
  const count = rungs.filter(({ mode }) => mode === 'failed').length;
  const next = `${count} of ${rungs.length} rungs order nothing; the others go on. Edit the bot and start it again.`;
  return { code: 'WAITS_RUNG_FAILED', text: `${text} ${next}` };
}

function reasons(words: readonly RungWord[], whole: Whole): readonly Effect[] {
  const halted = said(words, 'halted');
  const released = halted === null ? said(words, 'released') : null;
  const stands = words.find(
    ({ index, effect }) =>
      effect.kind === 'reached' && effect.milestone === 'waits' && !isTold(whole, index, effect.reason.code),
  );
  const standing = stands?.effect.kind === 'reached' ? stands.effect.reason : null;
  const anyStands = whole.rungs.some(({ waits, failures }) => waits?.told === true || failures > 1);
  const goesOn = standing === null && !anyStands ? said(words, 'goes-on') : null;
  return [
    ...(halted === null ? [] : [reached('halted', halted)]),
    ...(released === null ? [] : [reached('released', released)]),
    ...(standing === null ? [] : [reached('waits', standing)]),
    ...(goesOn === null ? [] : [reached('goes-on', goesOn)]),
  ];
}
