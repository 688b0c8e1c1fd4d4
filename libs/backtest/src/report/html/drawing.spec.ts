import { describe, expect, it } from '@jest/globals';
import { html } from './html.js';
import { duration, percent, plain, price, quantity, signed } from './numbers.js';
import { areaPath, linePath } from './path.js';
import { decimalsOf, scaleOf, scaleOver, ticksOf } from './scale.js';
import { timeTicks } from './time-ticks.js';

describe('markup', () => {
  it('escapes text, wherever it stands, and keeps markup', () => {
    const inner = html`<b>${'a & b'}</b>`;
    expect(html`<i title="${`"'<>`}">${[inner, null, false, 3, '\u0007']}</i>`.markup).toBe(
      '<i title="&quot;&#39;&lt;&gt;"><b>a &amp; b</b>3\ufffd</i>',
    );
  });
});

describe('numbers for people', () => {
  it.each([
    [plain(1234567.891), '1,234,567.89'],
    [plain(-0.001), '0.00'],
    [plain(-12.5), '−12.50'],
    [plain(null), '–'],
    [plain(Number.POSITIVE_INFINITY), '–'],
    [signed(3), '+3.00'],
    [signed(0), '0.00'],
    [percent(null), '–'],
    [percent(12.345), '12.35\u00a0%'],
    [price(46216.93), '46,216.93'],
    [price(0.00012345), '0.000123450'],
    [quantity(0.123456789), '0.123457'],
    [duration(0), '0\u00a0s'],
    [duration(93_600), '1\u00a0d 2\u00a0h'],
    [duration(86_460), '1\u00a0d'],
    [duration(61), '1\u00a0min 1\u00a0s'],
    [duration(null), '–'],
  ])('%s', (told, wanted) => {
    expect(told).toBe(wanted);
  });
});

describe('scales', () => {
  it('put ticks at round values, with as many decimals as they need', () => {
    const text = (value: number, step: number) => plain(value, decimalsOf(step));
    expect(ticksOf(scaleOf(0, 1), 5, text).map((tick) => tick.text)).toEqual([
      '0.0',
      '0.2',
      '0.4',
      '0.6',
      '0.8',
      '1.0',
    ]);
    expect(ticksOf(scaleOf(-90, 0), 4, text).map((tick) => tick.text)).toEqual(['−50', '0']);
    expect(ticksOf(scaleOf(5, 5), 4, text)).toEqual([]);
  });

  it('survive a single value and none at all', () => {
    expect(scaleOver([[7, 7]]).placeOf(7)).toBeCloseTo(0.5, 9);
    expect(scaleOver([[]]).placeOf(0)).toBe(0);
  });

  const at = (iso: string): number => Date.parse(iso);
  it.each([
    ['2022-01-01T00:00:00Z', '2022-01-01T04:00:00Z', ['1 Jan', '01:00', '02:00', '03:00', '04:00']],
    ['2022-01-01T00:00:00Z', '2022-01-29T00:00:00Z', ['6 Jan', '13 Jan', '20 Jan', '27 Jan']],
    ['2020-02-10T00:00:00Z', '2021-03-10T00:00:00Z', ['Apr 2020', 'Jul 2020', 'Oct 2020', 'Jan 2021']],
    ['2001-02-10T00:00:00Z', '2021-03-10T00:00:00Z', ['2005', '2010', '2015', '2020']],
  ])('tell times from %s to %s at round ones', (from, to, texts) => {
    expect(timeTicks(scaleOf(at(from), at(to)), 5).map(({ text }) => text)).toEqual(texts);
  });
});

describe('paths', () => {
  it('go from the left below to the right above', () => {
    expect(linePath([0, 0.5, 1], [0, 0.25, 1], 200)).toBe('M0 200L500 150L1000 0');
    expect(areaPath([0, 1], [0.5, 1], 200, 0)).toBe('M0 100L1000 0L1000 200L0 200Z');
    expect([linePath([], [], 200), areaPath([], [], 200, 0)]).toEqual(['', '']);
  });
});
