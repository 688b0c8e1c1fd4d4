import type { JsonObject } from '@scalpstorm/model';
import { said } from '../html/assumptions.js';

/** `fast 10, slow 30`. */
export const parametersText = (parameters: JsonObject): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name} ${said(value ?? null)}`)
    .join(', ');
