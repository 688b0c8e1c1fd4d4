import { parameterLines } from './parameter-lines.js';
import type { Bot } from './rows.js';

type Edited = Pick<Bot, 'name' | 'parameters'>;

/** One thing that somebody else changed while it was being edited here. */
export interface ConflictLine {
  readonly label: string;
  readonly before: string;
  readonly now: string;
  /** What is typed here, where that is yet another. */
  readonly mine: string | null;
}

const absent = 'none';

const linesOf = (schema: unknown, { name, parameters }: Edited): ReadonlyMap<string, string> =>
  new Map([
    ['Name', name],
    ...parameterLines(schema, parameters).map(({ label, text }) => [label, text] as [string, string]),
  ]);

/** What differs between a bot as it was read and as it is now, with what this form would make of it. */
export function conflictLines(schema: unknown, read: Edited, now: Edited, wanted: Edited): readonly ConflictLine[] {
  const [before, after, mine] = [linesOf(schema, read), linesOf(schema, now), linesOf(schema, wanted)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((label) => before.get(label) !== after.get(label))
    .map((label) => {
      const own = mine.get(label) ?? absent;
      const touched = own !== (before.get(label) ?? absent) && own !== (after.get(label) ?? absent);
      return {
        label,
        before: before.get(label) ?? absent,
        now: after.get(label) ?? absent,
        mine: touched ? own : null,
      };
    });
}

/** Whether somebody else has changed what a form edits; how the bot does is no such change. */
export const isOther = (read: Edited, now: Edited): boolean =>
  read.name !== now.name || sorted(read.parameters) !== sorted(now.parameters);

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([left], [right]) => (left < right ? -1 : 1)))
      : each,
  );
