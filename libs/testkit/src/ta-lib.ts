import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

type Series = readonly number[];

interface Wasm {
  readonly HEAPF64: Float64Array;
  readonly HEAP32: Int32Array;
  _malloc(bytes: number): number;
  _free(place: number): void;
  readonly [name: `_TA_${string}`]: ((...given: number[]) => number) | undefined;
}

interface Asked {
  readonly inputs: readonly Series[];
  readonly options?: readonly number[];
  readonly outputs?: number;
}

/** TA-Lib's own function of this name. Each output begins with the first row that TA-Lib has a value for. */
export type TaLib = (name: string, asked: Asked) => Series[];

const require = createRequire(import.meta.url);

/**
 * TA-Lib's own C code, compiled to WebAssembly (talib-web). Its functions are called as in C: the package's own wrapper asks for one
 * row too many and does not say how many there are.
 */
export async function openTaLib(): Promise<TaLib> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.flatMap((event) => process.listeners(event as 'uncaughtException'));
  const library: { init(wasm: string): Promise<Wasm> } = require('talib-web');
  // It fetches what it is told, and fetch knows no files.
  const bytes = readFileSync(join(dirname(require.resolve('talib-web')), 'talib.wasm'));
  const wasm = await library.init(`data:application/wasm;base64,${bytes.toString('base64')}`);
  // What Emscripten hangs on the process would end it for anybody's rejected promise.
  for (const event of events)
    for (const listener of process.listeners(event as 'uncaughtException'))
      if (!before.includes(listener)) process.removeListener(event, listener);
  return (name, asked) => call(wasm, name, asked);
}

function call(wasm: Wasm, name: string, { inputs, options = [], outputs = 1 }: Asked): Series[] {
  const rows = inputs[0]?.length ?? 0;
  const places = Array.from({ length: inputs.length + outputs }, () => wasm._malloc(rows * 8));
  const facts = wasm._malloc(8);
  for (const [index, input] of inputs.entries()) wasm.HEAPF64.set(input, (places[index] ?? 0) / 8);
  const into = places.slice(inputs.length);
  const code = wasm[`_TA_${name}`]?.(
    0,
    rows - 1,
    ...places.slice(0, inputs.length),
    ...options,
    facts,
    facts + 4,
    ...into,
  );
  const count = wasm.HEAP32[facts / 4 + 1] ?? 0;
  const told = into.map((place) => [...wasm.HEAPF64.subarray(place / 8, place / 8 + count)]);
  for (const place of [...places, facts]) wasm._free(place);
  if (code !== 0) throw new Error(`TA-Lib ${name} answered with ${code}`);
  return told;
}
