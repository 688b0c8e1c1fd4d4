import type { Timestamp } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import {
  type Beginning,
  type BeginsBy,
  type Configuration,
  type Known,
  type TakenStep,
  writeBeginning,
  writeStep,
} from './journal.js';

/** Rows behind one beginning: what is older than the next may be forgotten. */
export const checkpointEvery = 1_000;

export interface WrittenRow {
  readonly number: number;
  readonly at: Timestamp;
  /** It has the whole state: what is before it may be forgotten. */
  readonly begins: boolean;
  /** JSON. */
  readonly text: string;
}

/** What a step began from. */
export interface Before extends Configuration {
  readonly state: JsonObject;
}

type Beginner = Exclude<BeginsBy, 'checkpoint'>;

/** Behind an edit the state is the one before it; behind a start it may be another; behind a gap it is. */
const saysLess: readonly Beginner[] = ['edit', 'start', 'gap'];

/** Writes the journal of one bot. A bot that takes no step leaves no row, so its beginning is written with its next step. */
export class JournalPen {
  private known: Known = { context: {}, bars: null };
  private next: Beginner | null = 'start';
  private since = 0;

  /** @param last the number of the last row that is there; 0 when there is none */
  constructor(
    private last = 0,
    private readonly every = checkpointEvery,
  ) {}

  /**
   * The next row is a beginning: what was written last does not lead there. Of several the one that says least of the state before it is
   * told, whatever comes after.
   */
  begin(by: Beginner): void {
    if (this.next === null || saysLess.indexOf(by) > saysLess.indexOf(this.next)) this.next = by;
  }

  /** The rows of one step; to be kept in this order. */
  note(before: Before, step: TakenStep): readonly WrittenRow[] {
    const by = this.next ?? (this.since >= this.every ? 'checkpoint' : null);
    const opening = by === null ? [] : [this.opening(by, before, step)];
    const { text, known } = writeStep(this.known, step);
    this.known = known;
    this.since += 1;
    return [...opening, this.row(step.context.now, false, text)];
  }

  private opening(by: BeginsBy, { strategy, parameters, state }: Before, { context }: TakenStep): WrittenRow {
    const { botId, mode, instrument, now } = context;
    const beginning: Beginning = { by, at: now, botId, mode, strategy, parameters, instrument, state };
    const { text, known } = writeBeginning(beginning);
    [this.known, this.next, this.since] = [known, null, 0];
    return this.row(now, true, text);
  }

  private row(at: Timestamp, begins: boolean, text: string): WrittenRow {
    this.last += 1;
    return { number: this.last, at, begins, text };
  }
}
