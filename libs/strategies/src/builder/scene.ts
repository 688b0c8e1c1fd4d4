import type { JsonObject } from '@scalpstorm/model';

const never = { is: '<', left: 1, right: 0 };
export const always = { is: '>', left: 1, right: 0 };

/** A file of the builder that always wants in, but for these changes. */
export const file = (changes: JsonObject = {}): JsonObject => ({
  format: 1,
  id: 'example',
  title: 'Example',
  description: 'An example.',
  enter: always,
  exit: never,
  ...changes,
});
