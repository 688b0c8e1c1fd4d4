import { describe, expect, it } from '@jest/globals';
import { forPeople } from './decimals.js';
import { Output, type Terminal } from './output.js';
import { amountColumn, average, money } from './rows.js';

describe('amounts', () => {
  it.each([
    ['-0.123456789012345678', '-0.12345679'],
    ['1.999999996', '2'],
    ['99.999999999', '100'],
    ['0.100000001234', '0.1'],
    ['60000.12', '60000.12'],
    ['12', '12'],
    // It is something, and must not look like nothing.
    ['0.000000000000000001', '0.000000000000000001'],
    ['', ''],
    ['none', 'none'],
  ])('%s are %s for people', (text, wanted) => {
    expect(forPeople(text)).toBe(wanted);
  });

  const shown = (isTTY: boolean) => {
    let text = '';
    const write = (part: string) => {
      text += part;
      return true;
    };
    const terminal = { stdout: { isTTY, write }, stderr: {}, stdin: {} } as unknown as Terminal;
    const row = { net: '1.234567890123', currency: 'USDT', buyPrice: '60000.123456789012' };
    const fee = { title: 'FEE', ...amountColumn(() => ({ amount: '0.000012345678', currency: 'BNB' })) };
    new Output(terminal, false, false).table([row], [money('NET', 'net'), average('BUY', 'buyPrice'), fee]);
    return text;
  };

  it('are rounded in a table for people, and exact in a pipe', () => {
    expect(shown(true)).toMatch(/ 1\.23456789 USDT +60000\.12345679 +0\.00001235 BNB/);
    expect(shown(false)).toBe('NET\tBUY\tFEE\n1.234567890123 USDT\t60000.123456789012\t0.000012345678 BNB\n');
  });
});
