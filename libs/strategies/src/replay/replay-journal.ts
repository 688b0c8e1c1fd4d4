import type { Json, JsonObject } from '@scalpstorm/model';
import type { ConfiguredStrategy, Strategy } from '../sdk/define.js';
import { actionsOf, type Beginning } from './journal.js';
import { JournalReader, type JournalRow, UnreadableJournal } from './read-journal.js';
import { isObject, isSameJson } from './same-json.js';

/** The first step at which a replay parts from what was kept. */
export interface ReplayDifference {
  /** Of the row. */
  readonly number: number;
  readonly at: number;
  /** What the bot heard: the kind of the event, or how the state at this row came about. */
  readonly heard: string;
  /** Orders, cancels, milestones and cycles; or the state, where that is what differs. */
  readonly was: Json;
  readonly is: Json;
}

/** Rows of which nobody knows any more what they were. */
export interface JournalGap {
  /** The first row behind it. */
  readonly number: number;
  readonly text: string;
}

export interface Replayed {
  readonly rows: number;
  readonly steps: number;
  readonly orders: number;
  readonly cancels: number;
  readonly starts: number;
  readonly edits: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly gaps: readonly JournalGap[];
  /** Null: all is equal. */
  readonly difference: ReplayDifference | null;
}

interface Running {
  readonly strategy: ConfiguredStrategy;
  state: JsonObject;
}

/**
 * Takes the steps of a journal again, in their order, and ends at the first that comes out differently.
 * @param strategies by id
 * @throws UnreadableJournal
 */
export function replayJournal(rows: Iterable<JournalRow>, strategies: ReadonlyMap<string, Strategy>): Replayed {
  const replay = new Replay(strategies);
  for (const row of rows) if (!replay.take(row)) break;
  return replay.told();
}

class Replay {
  private readonly reader = new JournalReader();
  private running: Running | null = null;
  private last: number | null = null;
  private readonly gaps: JournalGap[] = [];
  private readonly counts = { rows: 0, steps: 0, orders: 0, cancels: 0, starts: 0, edits: 0 };
  private readonly span: { from: number | null; to: number | null } = { from: null, to: null };
  private difference: ReplayDifference | null = null;

  constructor(private readonly strategies: ReadonlyMap<string, Strategy>) {}

  told(): Replayed {
    return { ...this.counts, ...this.span, gaps: this.gaps, difference: this.difference };
  }

  /** False: it parted here. */
  take(row: JournalRow): boolean {
    const { number, entry } = row;
    const isHole = this.last !== null && number !== this.last + 1;
    this.last = number;
    this.counts.rows += 1;
    if (typeof entry['at'] === 'number') this.span.to = entry['at'];
    this.span.from ??= this.span.to;
    if (entry['kind'] === 'begin') this.begin(row, isHole);
    else if (entry['kind'] !== 'step') throw new UnreadableJournal(number, 'is of no kind that is known');
    else if (!isHole && this.running !== null) this.step(row);
    else this.skip(number, isHole);
    return this.difference === null;
  }

  private begin(row: JournalRow, isHole: boolean): void {
    const { number } = row;
    const beginning = this.reader.begin(row);
    this.judge(beginning, number, isHole);
    if (beginning.by === 'start') this.counts.starts += 1;
    if (beginning.by === 'edit') this.counts.edits += 1;
    const { strategy: id, parameters, instrument, state } = beginning;
    const configured = this.strategies.get(id)?.configure(parameters, instrument);
    if (configured?.ok) this.running = { strategy: configured.value, state };
    else {
      const [fault] = configured?.error ?? [];
      const is = fault ? `${fault.code} ${fault.field}: ${fault.text}` : `there is no strategy "${id}"`;
      this.part(row, beginning.by, { was: 'its strategy took its parameters', is });
    }
  }

  /** The state that was kept must be the one to which the steps before it lead, unless some of them are not here. */
  private judge({ by, state }: Beginning, number: number, isHole: boolean): void {
    const { running } = this;
    if (isHole || by === 'gap') this.gaps.push({ number, text: 'steps before it could not be kept' });
    else if (running !== null && !isSameJson(running.state, state)) {
      // A process that kept no journal may have taken steps between; within one none is missing.
      if (by === 'start') this.gaps.push({ number, text: 'steps before it were not kept: its state is another' });
      else this.difference ??= { number, at: this.span.to ?? 0, heard: by, was: state, is: plain(running.state) };
    }
  }

  /** What it rests on is missing; nothing can be said until the bot begins again. */
  private skip(number: number, isHole: boolean): void {
    if (isHole || this.gaps.length === 0) this.gaps.push({ number, text: 'rows before it are missing' });
    this.running = null;
  }

  private step(row: JournalRow): void {
    const { running } = this;
    if (running === null) return;
    const { event, context, did } = this.reader.step(row);
    this.counts.steps += 1;
    this.counts.orders += countOf(did, 'place');
    this.counts.cancels += countOf(did, 'cancel');
    const step = attempt(() => running.strategy.step(running.state, event, context));
    if ('failed' in step) {
      this.part(row, event.kind, { was: did, is: `it failed: ${step.failed}` });
      return;
    }
    running.state = step.state;
    const is = actionsOf(step.effects);
    if (!isSameJson(is, did)) this.part(row, event.kind, { was: did, is });
  }

  private part({ number, entry }: JournalRow, heard: string, sides: { readonly was: Json; readonly is: Json }): void {
    this.difference ??= { number, at: Number(entry['at']), heard, ...sides };
  }
}

const countOf = (did: readonly Json[], kind: string): number =>
  did.filter((one) => isObject(one) && one['kind'] === kind).length;

function attempt<Step>(work: () => Step): Step | { readonly failed: string } {
  try {
    return work();
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}

/** As it would be read back. */
const plain = (state: JsonObject): JsonObject => JSON.parse(JSON.stringify(state)) as JsonObject;
