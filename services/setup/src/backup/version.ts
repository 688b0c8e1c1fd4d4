import { readFileSync } from 'node:fs';

/** Of the clone or image that this service is in. */
export function platformVersion(): string {
  const text = readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** By semantic versioning, for whole numbers and a pre-release, which comes before its release. */
export function isLater(one: string, other: string): boolean {
  const [left, right] = [partsOf(one), partsOf(other)];
  for (const [index, number] of left.numbers.entries()) {
    const difference = number - (right.numbers[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  if (left.pre === right.pre) return false;
  if (left.pre === '' || right.pre === '') return left.pre === '';
  return left.pre.localeCompare(right.pre, 'en', { numeric: true }) > 0;
}

function partsOf(version: string): { readonly numbers: readonly number[]; readonly pre: string } {
  const [core = '', pre = ''] = version.split('+')[0]?.split(/-(.*)/) ?? [];
  return { numbers: core.split('.').map(Number), pre };
}
