import { type JsonObject, timeframeLength } from '@scalpstorm/model';
import { type Bar, type ConfiguredBarStrategy, type Desk, runWithin } from '../bars/bar-strategy.js';
import { syntheticBars } from './synthetic-bars.js';

/** Of this very text; another number makes every version another one. */
const format = 1;
const barsHeard = 4_000;
/** So much of a declared warm-up is heard besides. */
const warmUpMax = 20_000;
/** Of a price that it names: digits behind these hang on who computes. */
const digits = 12;

/**
 * What a rule is, said by what it does: its id, its parameters, the text of the file where it is one without code, the digest of its code
 * where it is a module that does not come with the platform, and all that it asks for over one market that is always the same. The digest
 * of this text is the version of the rule: the same wherever and in whatever bundle it runs, another one when it decides otherwise over that market. A rule that decides otherwise only where that market never
 * comes to has the same version.
 * @throws what a strategy's `within` throws where one bar takes too long, whose `code` is `STRATEGY_LOOPS`: how fast a rule is, is no part of it
 */
export function versionText(strategy: ConfiguredBarStrategy): string {
  const steps = versionSteps(strategy);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same text, bar by bar, for whoever has other work to do in between. @throws as `versionText` */
export function* versionSteps(strategy: ConfiguredBarStrategy): Generator<void, string> {
  const { id, parameters, file = null, code, warmUp } = strategy;
  const known = { format, id, parameters: sorted(parameters), file, ...(code !== undefined && { code }), warmUp };
  return JSON.stringify({ ...known, words: yield* wordsOf(strategy) });
}

const sorted = (parameters: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(parameters).toSorted(([one], [other]) => (one < other ? -1 : 1)));

/** What it asks for, at each bar at which that is something else than at the bar before. */
function* wordsOf(strategy: ConfiguredBarStrategy): Generator<void, readonly (readonly [number, string])[]> {
  const { decider: make, warmUp, needs } = strategy;
  const words: [number, string][] = [];
  const desk = new AttentiveDesk();
  let before = '';
  try {
    const decider = runWithin(strategy, make);
    for (const bar of syntheticBars(barsHeard + Math.min(warmUp, warmUpMax), timeframeLength[needs?.bars ?? '1m'])) {
      desk.play(bar);
      runWithin(strategy, () => decider.onClose(bar, desk));
      const said = desk.take();
      if (said !== before) words.push([bar.index, said]);
      before = said;
      yield;
    }
  } catch (error) {
    if ((error as { readonly code?: unknown } | null)?.code === 'STRATEGY_LOOPS') throw error;
    words.push([-1, error instanceof Error ? error.name : 'threw']);
  }
  return words;
}

/** Writes down what is asked for, and gives it at the next open, so that rules that look at what they hold hold something. */
class AttentiveDesk implements Desk {
  held = 0;
  entryPrice = Number.NaN;
  private wants: 'in' | 'out' | null = null;
  private stop = Number.NaN;
  private target = Number.NaN;
  private words: string[] = [];

  /** What became of what was wanted, within this bar. */
  play({ open, high, low }: Bar): void {
    if (this.wants === 'in') this.hold(1, open);
    else if (this.wants === 'out') this.hold(0, Number.NaN);
    this.wants = null;
    if (this.held > 0 && (low <= this.stop || high >= this.target)) this.hold(0, Number.NaN);
  }

  enter(tag = ''): void {
    this.words.push(`enter ${tag}`);
    if (this.held === 0) this.wants = 'in';
  }

  exit(tag = ''): void {
    this.words.push(`exit ${tag}`);
    if (this.held > 0) this.wants = 'out';
  }

  stopAt(price: number): void {
    this.words.push(`stop ${price.toPrecision(digits)}`);
    this.stop = price;
  }

  takeProfitAt(price: number): void {
    this.words.push(`take ${price.toPrecision(digits)}`);
    this.target = price;
  }

  take(): string {
    const said = this.words.join(';');
    this.words = [];
    return said;
  }

  private hold(held: number, at: number): void {
    this.held = held;
    this.entryPrice = at;
    if (held > 0) return;
    this.stop = Number.NaN;
    this.target = Number.NaN;
  }
}
