import { type Indicator, restoreStream, type Stream, type StreamSnapshot } from '@scalpstorm/indicators';
import { assert } from '@scalpstorm/kernel';
import type { Json, JsonObject } from '@scalpstorm/model';
import type { Bar, BarColumns } from '../bars/bar-strategy.js';
import { type BarField, indicatorColumns, sessionOf } from '../bars/indicator-columns.js';

/** What a rule watches: a column of the market (`indicator` null) or an indicator with its parameters. */
export interface Source {
  readonly indicator: Indicator | null;
  readonly parameters: Readonly<Record<string, number | string>>;
  /** The column itself, or what takes the place of the close. */
  readonly of: BarField;
}

/** One number a bar of a source, as far back as the rule looks. */
export interface Slot {
  readonly source: number;
  /** Place among the outputs of the indicator. */
  readonly output: number;
  /** Bars before the newest one that are still asked for. */
  reach: number;
}

export interface Watched {
  readonly sources: readonly Source[];
  readonly slots: readonly Slot[];
}

/** What conditions may read at the close of a bar. NaN is what is not known. */
export interface Frame {
  read(slot: number, ago: number): number;
  /** Microseconds since the epoch. */
  readonly openedAt: number;
  readonly close: number;
  /** In the base asset; 0 when flat. */
  readonly held: number;
  readonly entryPrice: number;
  readonly barsHeld: number;
}

/** The newest bar and as much of the past as the rule looks at: told bar by bar. */
export class StreamingFrame implements Frame {
  openedAt = 0;
  close = Number.NaN;
  held = 0;
  entryPrice = Number.NaN;
  barsHeld = 0;
  private readonly streams: (Stream | null)[];
  private readonly past: readonly Float64Array[];
  private heard = 0;

  constructor(private readonly watched: Watched) {
    this.streams = watched.sources.map(({ indicator, parameters }) => indicator?.start(parameters) ?? null);
    this.past = watched.slots.map(({ reach }) => new Float64Array(reach + 1).fill(Number.NaN));
  }

  hear(bar: Bar, held: number, entryPrice: number): void {
    this.openedAt = bar.openedAt;
    this.close = bar.close;
    this.held = held;
    this.entryPrice = entryPrice;
    this.barsHeld = held > 0 ? this.barsHeld + 1 : 0;
    this.heard += 1;
    for (const [index, stream] of this.streams.entries()) stream?.update(...this.inputsOf(index, bar));
    for (const [index, { source, output }] of this.watched.slots.entries()) {
      const past = this.past[index] as Float64Array;
      const of = this.watched.sources[source]?.of ?? 'close';
      past[this.heard % past.length] = this.streams[source]?.outputs[output] ?? bar[of];
    }
  }

  read(slot: number, ago: number): number {
    const past = this.past[slot] as Float64Array;
    return ago < past.length
      ? (past[(((this.heard - ago) % past.length) + past.length) % past.length] as number)
      : Number.NaN;
  }

  snapshot(): JsonObject {
    const { barsHeld, heard, streams, past } = this;
    const saved = streams.map((stream, index) =>
      stream === null ? null : { ...this.watched.sources[index]?.indicator?.snapshot(stream) },
    );
    return { barsHeld, heard, streams: saved as Json[], past: past.map((one) => Array.from(one, orNull)) };
  }

  restore({ barsHeld, heard, streams, past }: JsonObject): void {
    const good = Array.isArray(streams) && Array.isArray(past) && past.length === this.past.length;
    assert(good && typeof barsHeld === 'number' && typeof heard === 'number', 'a snapshot is of another rule');
    this.barsHeld = barsHeld;
    this.heard = heard;
    for (const [index, saved] of (streams as readonly unknown[]).entries()) {
      this.streams[index] = saved === null ? null : restoreStream(saved as StreamSnapshot);
    }
    for (const [index, saved] of (past as readonly (number | null)[][]).entries()) {
      const into = this.past[index] as Float64Array;
      assert(saved.length === into.length, 'a snapshot is of another rule');
      into.set(saved.map((value) => value ?? Number.NaN));
    }
  }

  private inputsOf(index: number, bar: Bar): number[] {
    const { indicator, of } = this.watched.sources[index] as Source;
    return (indicator?.inputs ?? []).map((name) => {
      if (name === 'close') return bar[of];
      return name === 'session' ? sessionOf(bar.openedAt) : bar[name as 'high' | 'low' | 'volume'];
    });
  }
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** The whole market at once, looked at bar by bar; for rules that do not look at what they hold. */
export class BatchFrame implements Frame {
  readonly held = 0;
  readonly entryPrice = Number.NaN;
  readonly barsHeld = 0;
  private bar = 0;
  private readonly columns: readonly Float64Array[];

  constructor(
    { sources, slots }: Watched,
    private readonly bars: BarColumns,
  ) {
    const made = sources.map((source) => columnsOf(source, bars));
    this.columns = slots.map(({ source, output }) => made[source]?.[output] as Float64Array);
  }

  moveTo(bar: number): void {
    this.bar = bar;
  }

  get openedAt(): number {
    return this.bars.openedAt[this.bar] as number;
  }

  get close(): number {
    return this.bars.close[this.bar] as number;
  }

  read(slot: number, ago: number): number {
    return this.columns[slot]?.[this.bar - ago] ?? Number.NaN;
  }
}

function columnsOf({ indicator, parameters, of }: Source, bars: BarColumns): readonly Float64Array[] {
  if (indicator === null) return [bars[of]];
  const made = indicatorColumns(indicator, parameters, of, bars);
  return Object.keys(indicator.outputs).map((name) => made[name] as Float64Array);
}
