import { assert, fail, type Result } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import { type IndicatorFault, type ParametersOf, type ParameterTable, readParameters } from './parameters.js';
import { feed, loadState, requireAmount, requireUsableSeries, type Stream, saveState } from './stream.js';

/** What an indicator looks at. `session` is any number that changes when a session begins, e.g. the number of the day. */
export type Input =
  | 'close'
  | 'high'
  | 'low'
  | 'volume'
  | 'session'
  | 'bidPrice'
  | 'bidQuantity'
  | 'askPrice'
  | 'askQuantity';

/** One series a name, all of the same length. */
export type Columns<Name extends string> = Readonly<Record<Name, Float64Array>>;

export interface IndicatorFacts<In extends Input, Out extends string, Table extends ParameterTable> {
  /** Lower-case with hyphens; never changes its meaning. */
  readonly id: string;
  readonly title: string;
  readonly formula: string;
  /** Where the formula comes from, and what was chosen where sources differ. */
  readonly source: string;
  readonly inputs: readonly In[];
  /** The unit of each output, in the order of `Stream.outputs`. */
  readonly outputs: Readonly<Record<Out, string>>;
  readonly parameters: Table;
}

interface IndicatorBody<In extends Input, Out extends string, Table extends ParameterTable> {
  /** What is wrong with parameters that are good one by one. */
  readonly faults?: (parameters: ParametersOf<Table>) => readonly IndicatorFault[];
  readonly warmUp: (parameters: ParametersOf<Table>) => number;
  readonly start: (parameters: ParametersOf<Table>) => Stream;
  /**
   * The batch form. May write anything into the rows of the warm-up; must do the arithmetic of the stream in its order.
   * `rows` are at least as many as the warm-up.
   */
  readonly fill: (inputs: Columns<In>, parameters: ParametersOf<Table>, outputs: Columns<Out>) => void;
  /** Whether `fill` refuses what a stream would, see `requireUsableSum`; all inputs are looked at before it otherwise. */
  readonly fillRefuses?: true;
}

/** A stream as plain JSON. */
export interface StreamSnapshot {
  readonly indicator: string;
  readonly parameters: JsonObject;
  readonly state: JsonObject;
}

export interface Indicator<
  In extends Input = Input,
  Out extends string = string,
  Table extends ParameterTable = ParameterTable,
> extends IndicatorFacts<In, Out, Table> {
  /** For what a user gave: what is left out is `absent`. */
  check(given: JsonObject): Result<ParametersOf<Table>, readonly IndicatorFault[]>;
  /** The number of the first row that has a value; the rows before it are NaN. @throws BrokenInvariant for a bad parameter */
  warmUp(given?: Partial<ParametersOf<Table>>): number;
  /** @throws BrokenInvariant for a bad parameter, with its name and range */
  start(given?: Partial<ParametersOf<Table>>): Stream;
  /**
   * All rows at once, bit for bit what a stream gives. Columns that the indicator does not look at are ignored.
   * @param into series to write into, each as long as the inputs and apart from them; new ones are made otherwise
   * @throws BrokenInvariant for a bad parameter, for inputs of different lengths and for numbers that a stream refuses
   */
  batch(inputs: Columns<In>, given?: Partial<ParametersOf<Table>>, into?: Columns<Out>): Columns<Out>;
  /** What `restore` goes on from, as if nothing had been. The stream must be one of this indicator. */
  snapshot(stream: Stream): StreamSnapshot;
  /** @throws BrokenInvariant when it is of another indicator, or was not written by `snapshot` */
  restore(snapshot: StreamSnapshot): Stream;
}

export function defineIndicator<In extends Input, Out extends string, const Table extends ParameterTable>(
  facts: IndicatorFacts<In, Out, Table>,
  body: IndicatorBody<In, Out, Table>,
): Indicator<In, Out, Table> {
  const { id, inputs: inputNames } = facts;
  const outputNames = Object.keys(facts.outputs) as Out[];

  function check(given: JsonObject): Result<ParametersOf<Table>, readonly IndicatorFault[]> {
    const read = readParameters(facts.parameters, given);
    if (!read.ok) return read;
    const faults = body.faults?.(read.value) ?? [];
    return faults.length > 0 ? fail(faults) : read;
  }

  function settle(given: Partial<ParametersOf<Table>> = {}): ParametersOf<Table> {
    const checked = check(given as JsonObject);
    assert(checked.ok, `indicator ${id}: ${checked.ok ? '' : checked.error.map(({ text }) => text).join('; ')}`);
    return checked.value;
  }

  function columnsFor(rows: number): Columns<Out> {
    return Object.fromEntries(outputNames.map((name) => [name, new Float64Array(rows)])) as Columns<Out>;
  }

  return {
    ...facts,
    check,
    warmUp: (given) => body.warmUp(settle(given)),
    start: (given) => body.start(settle(given)),
    batch(inputs, given, into) {
      const parameters = settle(given);
      const rows = requireColumns(id, inputNames, inputs);
      if (body.fillRefuses !== true) for (const name of inputNames) requireColumn(inputs[name], name);
      const outputs = into ?? columnsFor(rows);
      for (const name of outputNames) requireApart({ id, name, rows, inputNames }, outputs[name], inputs);
      const cold = Math.min(rows, body.warmUp(parameters) - 1);
      if (cold < rows) body.fill(inputs, parameters, outputs);
      // A short series still shows what a stream would refuse.
      else if (rows > 0)
        feed(body.start(parameters), { inputs: inputNames.map((name) => inputs[name]), outputs: [] }, rows);
      for (const name of outputNames) outputs[name].fill(Number.NaN, 0, cold);
      return outputs;
    },
    snapshot: (stream) => ({
      indicator: id,
      parameters: { ...stream.parameters } as JsonObject,
      state: saveState(stream),
    }),
    restore({ indicator, parameters, state }) {
      assert(indicator === id, `a snapshot of ${indicator} is not one of ${id}`);
      const stream = body.start(settle(parameters as Partial<ParametersOf<Table>>));
      loadState(stream, state);
      return stream;
    },
  };
}

type Series = Readonly<Record<string, Float64Array>>;

// Beside a short series the checks are what a batch costs: they make no text, and no list, before something is wrong.
function requireColumns(id: string, names: readonly string[], inputs: Series): number {
  for (const name of names) assert(inputs[name] instanceof Float64Array, `indicator ${id} needs the series ${name}`);
  const rows = inputs[names[0] as string]?.length ?? 0;
  for (const name of names) if (inputs[name]?.length !== rows) refuseLengths(id, names, inputs);
  return rows;
}

function refuseLengths(id: string, names: readonly string[], inputs: Series): never {
  const told = names.map((name) => `${name} has ${inputs[name]?.length}`).join(', ');
  assert(false, `indicator ${id} needs series of one length: ${told}`);
}

const amounts: ReadonlySet<string> = new Set<Input>(['volume', 'bidQuantity', 'askQuantity']);

function requireColumn(column: Float64Array, name: string): void {
  if (!amounts.has(name)) requireUsableSeries(column, name);
  else for (let index = 0; index < column.length; index += 1) requireAmount(column[index] as number, name);
}

/** The loops read an input again after they have written an output. */
function requireApart(
  {
    id,
    name,
    rows,
    inputNames,
  }: { readonly id: string; readonly name: string; readonly rows: number; readonly inputNames: readonly string[] },
  output: Float64Array,
  inputs: Series,
): void {
  assert(output.length === rows, `indicator ${id}: the series ${name} must be ${rows} long, not ${output.length}`);
  for (const other of inputNames) {
    if (areApart(output, inputs[other] as Float64Array)) continue;
    assert(false, `indicator ${id}: the series ${name} must not share memory with ${other}`);
  }
}

const areApart = (left: Float64Array, right: Float64Array): boolean =>
  left.buffer !== right.buffer ||
  left.byteOffset + left.byteLength <= right.byteOffset ||
  right.byteOffset + right.byteLength <= left.byteOffset;
