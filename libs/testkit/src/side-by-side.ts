export interface SideBySideOptions {
  /** Default: 5. Each may have a world of its own, and servers have so many connections. */
  readonly atOnce?: number;
  /** Of all cases together; default: 5 min. */
  readonly timeoutMs?: number;
}

/** What Jest puts into every spec; a parameter only so that this can be tested. */
export interface CaseGlobals {
  readonly beforeAll: (work: () => Promise<void>, timeoutMs: number) => void;
  readonly it: (name: string, body: () => void) => void;
}

type Work = () => Promise<void>;

interface Case {
  readonly work: Work;
  outcome: { readonly failure: unknown } | 'passed' | 'not begun';
}

/**
 * For cases of one `describe` that mostly wait and have nothing in common: gives a function like `it`, whose cases run side by side
 * before the first of them is told. Jest's own `it.concurrent` goes on between two tests, where no module may be loaded.
 */
export function sideBySide(options: SideBySideOptions = {}): (sentence: string, work: Work) => void {
  return declareSideBySide(options, globalThis as unknown as CaseGlobals);
}

export function declareSideBySide(
  { atOnce = 5, timeoutMs = 300_000 }: SideBySideOptions,
  { beforeAll, it }: CaseGlobals,
): (sentence: string, work: Work) => void {
  const cases: Case[] = [];
  beforeAll(async () => {
    const left = cases.values();
    await Promise.all(Array.from({ length: atOnce }, () => runAll(left)));
  }, timeoutMs);
  return (sentence, work) => {
    const one: Case = { work, outcome: 'not begun' };
    cases.push(one);
    it(sentence, () => {
      if (one.outcome === 'not begun') throw new Error('the case was not begun');
      if (one.outcome !== 'passed') throw one.outcome.failure;
    });
  };
}

/** Whoever takes from the same iterator shares the work. */
async function runAll(cases: Iterable<Case>): Promise<void> {
  for (const one of cases) {
    one.outcome = await one.work().then(
      () => 'passed' as const,
      (failure: unknown) => ({ failure }),
    );
  }
}
