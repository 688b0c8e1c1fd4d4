import { describe, expect, it } from '@jest/globals';
import { inspectBars } from './inspect-bars.js';
import { readBars } from './read-bars.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const header = 'timestamp,open,high,low,close,volume';
const row = (time: string, close = '10', volume = '1'): string => `${time},10,11,9,${close},${volume}`;
const read = (...lines: readonly string[]) => readBars(bytes(lines.join('\n')));
const faultOf = (...lines: readonly string[]): string => {
  const result = read(...lines);
  return result.ok ? 'none' : `${result.error.code}: ${result.error.text}`;
};
const firstTime = (head: string, time: string): number => {
  const result = read(head, row(time));
  if (!result.ok) throw new Error(result.error.text);
  return result.value.openedAt[0] ?? Number.NaN;
};

const newYear = Date.UTC(2022, 0, 1) * 1_000;

describe('bars out of a file', () => {
  it.each([
    [header, '2022-01-01 00:00:00.000000', newYear],
    [header, '2022-01-01T00:00:00Z', newYear],
    [header, '2022-01-01T05:30:00+05:30', newYear],
    [header, '2022-01-01', newYear],
    [header, '2022-01-01 00:00:01.000250', newYear + 1_000_250],
    ['Time,Open,High,Low,Close,Volume', '1640995200', newYear],
    ['DATE,OPEN,HIGH,LOW,CLOSE,VOLUME', '1640995200000', newYear],
    ['date,open,high,low,close,volume', '1640995200000000', newYear],
    ['date,open,high,low,close,volume', '1640995200.25', newYear + 250_000],
    ['time_ms,open,high,low,close,volume', '1000', 1_000_000],
    [',open,high,low,close,volume', '1640995200', newYear],
  ])('reads the time of %j in %j', (head, time, micros) => {
    expect(firstTime(head, time)).toBe(micros);
  });

  it('finds its columns by name, in any order and among others', () => {
    const result = read('id,CLOSE,volume,low,"High",open,date', 'x,10.5,3,9.25,11,10,2022-01-01');
    if (!result.ok) throw new Error(result.error.text);
    const { open, high, low, close, volume } = result.value;
    expect([open[0], high[0], low[0], close[0], volume[0]]).toEqual([10, 11, 9.25, 10.5, 3]);
  });

  it.each(['"a,b"', '"say ""so, then"""', ' "a,b" ', '""', '5" wide', '"a" or b'])(
    'leaves a column of others alone that holds %s',
    (note) => {
      expect(read(`${header},"note, of whom"`, `${row('60')},${note}`, `${row('120')},${note}`)).toMatchObject({
        ok: true,
        value: { length: 2 },
      });
      expect(read(`note,${header}`, `${note},${row('60', '"10.5"')}`)).toMatchObject({
        ok: true,
        value: { close: new Float64Array([10.5]) },
      });
    },
  );

  it.each([
    ['time;open;high;low;close\n1;1;1;1;1', 'by commas, and write decimals with a point'],
    ['time\topen\thigh\tlow\tclose\n1\t1\t1\t1\t1', 'by commas'],
    ['time,open,high,low,close\r1,1,1,1,1\r', 'End its lines with a line feed'],
    ['PK\u0003\u0004time,open', 'zip archive'],
  ])('says what to do with what is no table of commas: %j', (text, next) => {
    expect(readBars(bytes(text))).toMatchObject({
      error: { code: 'COLUMNS_MISSING', next: expect.stringContaining(next) },
    });
  });

  it('takes no column for a zip archive by the beginning of its name', () => {
    expect(read('PKEY,time,open,high,low,close', '7,1,1,1,1,1')).toMatchObject({ ok: true });
  });

  it('reads numbers as JavaScript does, whatever their form', () => {
    const texts = [
      '0.1',
      '123456789.987654321',
      '1e-3',
      '46319.0',
      '0.30000000000000004',
      '12345678901234567890',
      '+7.5',
      '.5',
      '5.',
    ];
    for (const text of texts) {
      const result = read('time,open,high,low,close', `1,${text},${text},${text},${text}`);
      if (!result.ok) throw new Error(result.error.text);
      expect(result.value.close[0]).toBe(Number(text));
    }
  });

  it('takes lines that end as on Windows, a byte order mark and a last line without an end', () => {
    const result = readBars(bytes(`\ufeff${header}\r\n${row('1640995200')}\r\n${row('1640995260', '10.5')}`));
    expect(result.ok && [...result.value.close]).toEqual([10, 10.5]);
  });

  it('grows with a long file', () => {
    const lines = Array.from({ length: 10_000 }, (_, at) =>
      row(String(1_640_995_200 + 60 * at), String(9 + (at % 200) / 100)),
    );
    const result = read(header, ...lines);
    expect(result.ok && [result.value.length, result.value.close[9_999]]).toEqual([10_000, 10.99]);
  });

  it.each([
    [
      'a row twice',
      [row('60'), row('60')],
      'ROW_TWICE: Line 3 repeats the time of the row before it, 1970-01-01T00:01:00.000Z.',
    ],
    [
      'rows out of order',
      [row('120'), row('60')],
      'ROW_NOT_IN_ORDER: Line 3 is of 1970-01-01T00:01:00.000Z, and the row before it is later.',
    ],
    ['no number', [row('60'), row('120', 'NaN')], 'NOT_A_NUMBER: Line 3: close is "NaN", and not a number above 0.'],
    ['an empty field', [row('60', '')], 'NOT_A_NUMBER: Line 2: close is "", and not a number above 0.'],
    ['a price of nothing', [row('60', '0')], 'NOT_A_NUMBER: Line 2: close is "0", and not a number above 0.'],
    ['a negative volume', [row('60', '10', '-1')], 'NOT_A_NUMBER: Line 2: volume is "-1", and not a number from 0 on.'],
    [
      'a price that no market has',
      [row('60', '1e101')],
      'NOT_A_NUMBER: Line 2: close is "1e101", and not a number above 0, at most 1e+100.',
    ],
    [
      'a day that would pass for a count of seconds',
      [row('20220131')],
      'NOT_A_TIME: Line 2: time is "20220131", and not a time.',
    ],
    ['no time', [row('yesterday')], 'NOT_A_TIME: Line 2: time is "yesterday", and not a time.'],
    ['a day that there is not', [row('2022-02-30')], 'NOT_A_TIME: Line 2: time is "2022-02-30", and not a time.'],
    ['a row that was cut off', [row('60'), '120,10'], 'ROW_INCOMPLETE: Line 3 has 2 fields, and the header 6.'],
    [
      'a quote that is not closed',
      [row('60'), `120,"10,10,10,10,1`],
      'QUOTE_NOT_CLOSED: Line 3 opens a quote and does not close it.',
    ],
    [
      'a number beside quotes',
      [row('60', '"1"0')],
      `NOT_A_NUMBER: Line 2: close is "\\"1\\"0", and not a number above 0.`,
    ],
    [
      'a doubled quote in a number',
      [row('60', '"1""0"')],
      `NOT_A_NUMBER: Line 2: close is "1\\"\\"0", and not a number above 0.`,
    ],
    [
      'a close above the high',
      [row('60', '12')],
      'BAR_IMPOSSIBLE: Line 2: open 10, high 11, low 9, close 12; the high must be the highest, the low the lowest.',
    ],
    ['no rows', [], 'NO_ROWS: There is a header and no row.'],
  ])('refuses %s, naming the line', (_name, rows, fault) => {
    expect(faultOf(header, ...rows)).toBe(fault);
  });

  it('says that a file is empty', () => {
    expect(faultOf()).toBe('NO_ROWS: The file is empty.');
  });

  it('refuses a header that lacks a column, or names one twice', () => {
    expect(faultOf('open,high,low,volume', '1,1,1,1')).toContain('COLUMNS_MISSING: The header has no time, close');
    expect(faultOf('time,open,high,low,close,close', '1,1,1,1,1,1')).toBe(
      'COLUMN_TWICE: The header names close twice.',
    );
  });
});

describe('what makes the figures worth less', () => {
  const codes = (...lines: readonly string[]) => {
    const result = read(header, ...lines);
    if (!result.ok) throw new Error(result.error.text);
    return inspectBars(result.value).map(({ code, text }) => `${code}: ${text}`);
  };

  it('is told: gaps, a price that stands still, no volume', () => {
    expect(codes(row('60', '10'), row('120', '10.5'), row('180'), row('360'))).toEqual([
      'DATA_HAS_GAPS: 1 gaps, 2 bars missing; the longest begins after 1970-01-01T00:03:00.000Z and takes 180 s.',
    ]);
    expect(codes(row('60'), row('120'), row('180'))).toEqual([
      'DATA_STANDS_STILL: The close is the same for 3 bars from 1970-01-01T00:01:00.000Z on.',
    ]);
    expect(codes(row('60', '10', '0'), row('120', '10.5', '0'))).toEqual([
      'DATA_WITHOUT_VOLUME: None of the 2 bars has a volume.',
    ]);
    expect(codes(row('60', '10'), row('120', '10.5'))).toEqual([]);
  });
});
