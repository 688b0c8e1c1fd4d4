import type { Refusal, Tensor } from '@scalpstorm/contracts';
import type { ModelCard } from './model-card.js';

export interface Rows {
  readonly count: number;
  readonly data: Float32Array;
}

/** The one input of a model as rows, or what is wrong with it. */
export function rowsOf(inputs: readonly Tensor[], card: ModelCard, rowsMax: number): Rows | Refusal {
  const width = card.features.length;
  const index = inputs.findIndex(({ name }) => name === card.input);
  const input = inputs[index];
  const shapeWanted = `[rows, ${width}] with 1 to ${rowsMax} rows`;
  if (input === undefined) {
    const named = inputs.map(({ name }) => name).join(', ') || 'none';
    return refused('INPUT_MISSING', '/inputs', `there is no input "${card.input}"; given: ${named}`, card.input);
  }
  const extra = inputs.find(({ name }) => name !== card.input);
  if (extra) return refused('INPUT_UNKNOWN', '/inputs', `the model has no input "${extra.name}"`, card.input);
  const { shape, data } = input;
  const [count = 0, columns] = shape;
  if (shape.length !== 2 || columns !== width || !Number.isInteger(count) || count < 1) {
    return refused('INPUT_SHAPE', `/inputs/${index}/shape`, `the shape is [${shape.join(', ')}]`, shapeWanted);
  }
  if (count > rowsMax)
    return refused('BATCH_TOO_LARGE', `/inputs/${index}/shape`, `${count} rows are too many`, shapeWanted);
  if (data.length !== count * width) {
    return refused(
      'INPUT_SHAPE',
      `/inputs/${index}/data`,
      `${data.length} values do not fill the shape`,
      `${count * width} values`,
    );
  }
  const place = data.findIndex((value) => !Number.isFinite(Math.fround(value)));
  if (place >= 0) {
    return refused(
      'INPUT_VALUE',
      `/inputs/${index}/data/${place}`,
      `value ${place} is no finite 32-bit number`,
      'finite numbers',
    );
  }
  return { count, data: Float32Array.from(data) };
}

export const isRefusal = (checked: Rows | Refusal): checked is Refusal => 'code' in checked;

export function refused(
  code: string,
  field: string,
  text: string,
  allowed: string,
  next = 'Correct the request.',
): Refusal {
  return { code, field, text, allowed, next };
}
