/** What a part of a file must be. It tells the first place that is something else, and looks away from what it does not know. */
export type Shape = (value: unknown, where: string) => string | null;

export const text: Shape = (value, where) => (typeof value === 'string' ? null : wrong(where, 'a text'));

/** JSON has no infinities. */
export const figure: Shape = (value, where) => (typeof value === 'number' ? null : wrong(where, 'a number'));

export const record: Shape = (value, where) => (isObject(value) ? null : wrong(where, 'an object'));

export const orNull =
  (shape: Shape): Shape =>
  (value, where) =>
    value === null ? null : shape(value, where);

/** Of what earlier programs did not write. */
export const orAbsent =
  (shape: Shape): Shape =>
  (value, where) =>
    value === undefined ? null : shape(value, where);

export const list =
  (shape: Shape): Shape =>
  (value, where) => {
    if (!Array.isArray(value)) return wrong(where, 'a list');
    for (const [at, one] of value.entries()) {
      const found = shape(one, `${where}[${at}]`);
      if (found !== null) return found;
    }
    return null;
  };

export const object =
  (shapes: Readonly<Record<string, Shape>>): Shape =>
  (value, where) => {
    if (!isObject(value)) return wrong(where, 'an object');
    for (const [name, shape] of Object.entries(shapes)) {
      const found = shape(value[name], where === '' ? name : `${where}.${name}`);
      if (found !== null) return found;
    }
    return null;
  };

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wrong = (where: string, wanted: string): string => `${where === '' ? 'it' : where} is not ${wanted}`;
