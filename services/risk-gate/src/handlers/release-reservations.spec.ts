import { describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { codeOf, gateScene, orderOf, WrittenBooks, wish } from '../../test/gate-scene.js';
import { ReleaseReservations } from './release-reservations.js';

/** Two approvals, as many as the bot may have open. */
function scene() {
  const { gate, clock } = gateScene();
  const books = new WrittenBooks();
  const log = new RecordingLog();
  const releasing = new ReleaseReservations(gate, books, log);
  const approved = [wish(), wish()] as const;
  for (const order of approved) expect(codeOf(gate.judge(order))).toBe('APPROVED');
  const free = (): boolean => codeOf(gate.judge(wish())) === 'APPROVED';
  return { gate, clock, books, log, releasing, approved, free };
}

describe('a reservation', () => {
  it('is given back when the approval’s time and some more is over and execution knows nothing of the order', async () => {
    const { clock, releasing, free } = scene();
    clock.advance(3 * second);
    await releasing.round();
    expect(free()).toBe(false);
    clock.advance(2 * second);
    await releasing.round();
    expect(free()).toBe(true);
  });

  it('stays, as the order’s own standing, when execution’s books have the order although no event came', async () => {
    const { clock, books, releasing, approved, free } = scene();
    books.orders = approved.map((request) => orderOf(request, { status: 'accepted', version: 2 }));
    clock.advance(60 * second);
    await releasing.round();
    expect(free()).toBe(false);
    // And no longer as a reservation: nothing is due any more.
    books.orders = [];
    await releasing.round();
    expect(free()).toBe(false);
  });

  it('stays while the books can not be read, which is said once', async () => {
    const { clock, books, log, releasing, free } = scene();
    books.away = true;
    clock.advance(60 * second);
    for (let round = 0; round < 3; round += 1) await releasing.round();
    expect(free()).toBe(false);
    expect(log.lines).toHaveLength(1);
    books.away = false;
    await releasing.round();
    expect(free()).toBe(true);
  });

  it('of an order that ended without an event is given back by what the books say of its end', async () => {
    const { clock, books, releasing, approved, free } = scene();
    books.orders = approved.map((request) => orderOf(request, { status: 'rejected', version: 3 }));
    clock.advance(60 * second);
    await releasing.round();
    expect(free()).toBe(true);
  });

  it('is not given back when the order is heard of while the books are being read', async () => {
    const { gate, clock, releasing, books, approved, free } = scene();
    clock.advance(60 * second);
    const read = books.find.bind(books);
    books.find = async (ids) => {
      const found = await read(ids);
      for (const request of approved) {
        gate.noteOrder(orderOf(request, { status: 'unknown', version: 2, updatedAt: clock.now() }));
      }
      return found;
    };
    await releasing.round();
    expect(free()).toBe(false);
  });
});
