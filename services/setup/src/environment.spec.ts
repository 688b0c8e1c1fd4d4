import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { BadTemplate, completeEnvironment } from './environment.js';

const digitsOf = (digits: number): string => 'a'.repeat(digits);

describe('a template of settings', () => {
  it('is given a value of the asked length for every secret, and keeps the rest', () => {
    const template = '# About\nLEVEL=info\n\n# random: 8 hex\nONE=\n# random: 64 hex\nTWO=\nEMPTY=\n';
    const text = completeEnvironment(template, digitsOf);
    expect(text).toBe(
      `# About\nLEVEL=info\n\n# random: 8 hex\nONE=aaaaaaaa\n# random: 64 hex\nTWO=${digitsOf(64)}\nEMPTY=\n`,
    );
  });

  it.each([
    ['a marked line that has a value already', '# random: 8 hex\nONE=mine\n'],
    ['a mark above no setting', '# random: 8 hex\n\nONE=\n'],
    ['a mark at the end', '# random: 8 hex'],
  ])('is refused with %s', (_, template) => {
    expect(() => completeEnvironment(template, digitsOf)).toThrow(BadTemplate);
  });

  it('of this repository marks every secret of our own', () => {
    const template = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
    const text = completeEnvironment(template, digitsOf);
    // These come from elsewhere, and are optional.
    const given = /^(TELEGRAM|SMTP)_/;
    const secrets = text
      .split('\n')
      .filter((line) => /^[A-Z_]*(PASSWORD|SECRET|TOKEN|KEYS?)[A-Z_]*=/.test(line) && !given.test(line));
    expect(secrets.length).toBeGreaterThan(8);
    expect(secrets.filter((line) => line.endsWith('='))).toEqual([]);
  });
});
