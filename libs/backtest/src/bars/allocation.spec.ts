import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const program = fileURLToPath(new URL('../../test/bytes-a-bar.mjs', import.meta.url));
/** MiB; all runs together leave less than that, so that nothing is collected. */
const young = 256;
const flags = [
  ...['--no-warnings', '--single-threaded'],
  ...[`--min-semi-space-size=${young}`, `--max-semi-space-size=${young}`],
];

/** A number that is boxed takes 16 bytes, an object of one field more. What is below is of the fills, of which most bars have none. */
const bytesMax = 8;

describe('the loop over bars', () => {
  it('makes nothing for a bar', () => {
    const told = execFileSync(process.execPath, [...flags, program], { encoding: 'utf8' });
    const { loop, wasteful } = JSON.parse(told);
    expect(loop.fillsABar).toBeGreaterThan(0.01);
    expect(loop.fillsABar).toBeLessThan(0.1);
    expect(Math.abs(loop.bytes)).toBeLessThan(bytesMax);
    // What watches it sees one object a bar.
    expect(wasteful.bytes - loop.bytes).toBeGreaterThan(2 * bytesMax);
  });
});
