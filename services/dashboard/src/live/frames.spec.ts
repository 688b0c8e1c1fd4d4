import { describe, expect, it } from '@jest/globals';
import { type Frame, fold, frameOf, positionAfter } from './frames.js';

const frame = (type: Frame['type'], seq: number, data: readonly unknown[], ch = 'bots'): Frame => ({
  ch,
  type,
  seq,
  epoch: type === 'delta' ? null : 'e1',
  data,
  ts: null,
  ageMs: null,
});

describe('frames of the stream', () => {
  it('fold into rows: a snapshot replaces, changes add and delete, what is older is ignored', () => {
    let rows = fold(
      undefined,
      frame('snapshot', 1, [
        { id: 'a', version: 2 },
        { id: 'b', version: 1 },
      ]),
    );
    rows = fold(rows, frame('delta', 2, [{ id: 'a', version: 1, stale: true }]));
    expect(rows.get('a')).toEqual({ id: 'a', version: 2 });
    rows = fold(rows, frame('delta', 3, [{ id: 'b', version: 2, deleted: true }]));
    expect([...rows.keys()]).toEqual(['a']);
    rows = fold(rows, frame('resumed', 9, [{ id: 'c', version: 1 }]));
    expect([...rows.keys()]).toEqual(['a', 'c']);
    expect([...fold(rows, frame('snapshot', 1, [{ id: 'd' }])).keys()]).toEqual(['d']);
  });

  it('make a new map for every change, and leave the one before as it was', () => {
    const before = fold(undefined, frame('snapshot', 1, [{ id: 'a' }]));
    const after = fold(before, frame('delta', 2, [{ id: 'b' }]));
    expect(before.size).toBe(1);
    expect(after).not.toBe(before);
  });

  it('never drop an open order, however many are over', () => {
    const open = { clientOrderId: 'open', final: false, version: 1, updatedAt: '2020' };
    const over = Array.from({ length: 700 }, (_, index) => ({
      clientOrderId: `o${index}`,
      final: true,
      version: 1,
      updatedAt: String(3000 + index),
    }));
    const rows = fold(undefined, frame('snapshot', 1, [open, ...over], 'orders'));
    expect(rows.size).toBe(500);
    expect(rows.has('open')).toBe(true);
    expect(rows.has('o699')).toBe(true);
    expect(rows.has('o0')).toBe(false);
  });

  it('tell where to go on, and that something is missing', () => {
    const first = positionAfter(undefined, frame('snapshot', 7, []));
    expect(first).toEqual({ epoch: 'e1', seq: 7 });
    expect(positionAfter(first ?? undefined, frame('delta', 8, []))).toEqual({ epoch: 'e1', seq: 8 });
    expect(positionAfter(first ?? undefined, frame('delta', 9, []))).toBeNull();
    expect(positionAfter(undefined, frame('delta', 1, []))).toBeNull();
    expect(positionAfter(first ?? undefined, frame('resumed', 40, []))).toEqual({ epoch: 'e1', seq: 40 });
  });

  it('are known from everything else that is said', () => {
    expect(frameOf({ op: 'pong' })).toBeNull();
    expect(frameOf({ ch: 'bots', type: 'new-kind', seq: 1, data: [] })).toBeNull();
    expect(frameOf({ ch: 'bots', type: 'delta', seq: 2, data: [1] })).toMatchObject({ ch: 'bots', epoch: null });
  });
});
