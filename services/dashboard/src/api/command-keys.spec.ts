import { describe, expect, it } from '@jest/globals';
import { CommandKeys } from './command-keys.js';

const halt = 'POST /v1/halt {"level":"cancel"}';
const release = 'POST /v1/release {}';

function counting(): CommandKeys {
  let made = 0;
  return new CommandKeys(() => {
    made += 1;
    return `key-${made}`;
  });
}

describe('the keys of commands', () => {
  it('are the same for the same command until its outcome is known, and another for another one', () => {
    const keys = counting();
    expect(keys.keyFor(halt, 0)).toBe('key-1');
    expect(keys.keyFor(release, 0)).toBe('key-2');
    keys.lost(halt);
    expect(keys.keyFor(halt, 60_000)).toBe('key-1');
    keys.refused(halt);
    expect(keys.keyFor(halt, 60_000)).toBe('key-3');
    expect(keys.keyFor(release, 60_000)).toBe('key-2');
  });

  it('are new once anything was done since: a halt after a release halts again', () => {
    const keys = counting();
    keys.keyFor(halt, 0);
    keys.lost(halt);
    keys.keyFor(release, 1);
    keys.done(release);
    expect(keys.keyFor(halt, 2)).toBe('key-3');
    keys.lost(halt);
    keys.forgetLost();
    expect(keys.keyFor(halt, 3)).toBe('key-4');
  });

  it('stay while something else is done and they are still under way', () => {
    const keys = counting();
    keys.keyFor(halt, 0);
    keys.keyFor(release, 1);
    keys.done(release);
    keys.lost(halt);
    expect(keys.keyFor(halt, 2)).toBe('key-1');
  });

  it('are not kept for longer than the gateway keeps an answer', () => {
    const keys = counting();
    keys.keyFor(halt, 0);
    expect(keys.keyFor(halt, 599_999)).toBe('key-1');
    expect(keys.keyFor(halt, 599_999 + 600_000)).toBe('key-2');
  });
});
