import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { Pace } from './pace.js';

const at = (micros: number): Timestamp => Timestamp.fromMicros(micros);

describe('a pace', () => {
  it('lets the first go at once and then the newest of every interval', () => {
    const pace = new Pace<string>(100);
    expect(pace.offer('a', at(0))).toBe('a');
    expect(pace.offer('b', at(10))).toBeNull();
    expect(pace.offer('c', at(20))).toBeNull();
    expect(pace.due(at(99))).toBeNull();
    expect(pace.due(at(100))).toBe('c');
    expect(pace.due(at(300))).toBeNull();
    expect(pace.offer('d', at(300))).toBe('d');
  });
});
