import { describe, expect, test } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { BotId } from '@scalpstorm/model';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { CommitUnknown, StoreUnavailable } from '@scalpstorm/store';
import type { WrittenRow } from '@scalpstorm/strategies';
import { aBot, aCycle, anActivity, eventually } from '@scalpstorm/testkit';
import { MemoryBotStore } from '../../test/memory-bot-store.js';
import type { Facts, StoredBot } from '../ports/bot-store.js';
import { noFacts, WriteBehind } from './write-behind.js';

const botId = aBot().id;
const activities = (count: number): Facts => ({
  ...noFacts,
  activities: Array.from({ length: count }, (_, index) => anActivity({ code: `A${index}` })),
});

function world() {
  const store = new MemoryBotStore();
  const log = new RecordingLog();
  let version = 1;
  const storedOf = (): StoredBot => ({ bot: aBot({ version }), state: {}, instrument: null });
  const lost: string[] = [];
  const writes = new WriteBehind(store, storedOf, log, (id) => lost.push(id));
  /** The bot takes a step. */
  const step = (facts: Facts = { ...noFacts, visible: true }) => {
    version += 1;
    writes.note(botId, facts);
  };
  return { store, log, writes, step, lost };
}

const row = (number: number): WrittenRow => ({ number, at: Timestamp.fromMicros(0), begins: number === 1, text: '{}' });

/** Lets everything go on that does not wait for the store. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('writing a bot down behind its steps', () => {
  test('writes nothing when there is nothing new', async () => {
    const { store, writes } = world();
    await writes.write(botId);
    expect(store.begun).toBe(0);
  });

  test('one write at a time, and what came meanwhile goes together', async () => {
    const { store, writes, step } = world();
    store.hold();
    step();
    const first = writes.write(botId);
    step();
    step();
    const others = Promise.all([writes.write(botId), writes.write(botId)]);
    await turn();
    expect(store.begun).toBe(1);
    store.release();
    await Promise.all([first, others]);
    expect(store.committed.map(({ stored }) => stored.bot.version)).toEqual([2, 4]);
  });

  test('whoever waits behind others resolves only after the write that has its step', async () => {
    const { store, writes, step } = world();
    store.hold();
    step();
    const first = writes.write(botId);
    step();
    const waiting = [writes.write(botId), writes.write(botId)];
    const resolved: number[] = [];
    for (const one of waiting) void one.then(() => resolved.push(store.committed.length));
    store.release();
    await Promise.all([first, ...waiting]);
    expect(resolved).toEqual([2, 2]);
  });

  test('what could not be written is written later, in its order, with the state as it is then', async () => {
    const { store, writes, step } = world();
    const cycle = (number: number): Facts => ({ ...noFacts, cycles: [aCycle({ number })] });
    store.failWith(new StoreUnavailable('down'));
    step(cycle(0));
    await expect(writes.write(botId)).rejects.toThrow('down');
    step(cycle(1));
    await expect(writes.write(botId)).rejects.toThrow('down');
    expect(writes.unwritten()).toEqual([botId]);
    store.failWith(null);
    step(cycle(2));
    await writes.write(botId);
    expect(store.committed).toMatchObject([{ cycles: [{ number: 0 }, { number: 1 }, { number: 2 }] }]);
    expect(store.committed[0]?.stored.bot.version).toBe(4);
    expect(writes.unwritten()).toEqual([]);
  });

  test('a write that fails while another waits is repeated by the one that waits', async () => {
    const { store, writes, step } = world();
    store.hold();
    store.failWith(new CommitUnknown('lost while committing'));
    step(activities(1));
    const first = writes.write(botId);
    const second = writes.write(botId);
    await turn();
    store.failWith(null, { next: true });
    store.release();
    await expect(first).rejects.toThrow('lost while committing');
    await second;
    expect(store.committed).toMatchObject([{ activities: [{ code: 'A0' }] }]);
  });

  test('an order event waits until Postgres is back, and it is told once that it was away', async () => {
    const { store, log, writes, step } = world();
    store.failWith(new StoreUnavailable('down'));
    step();
    let written = false;
    const surely = writes.writeSurely(botId).then(() => {
      written = true;
    });
    await eventually(() => expect(store.begun).toBeGreaterThan(2));
    expect(written).toBe(false);
    store.failWith(null);
    await surely;
    const told = log.lines.map(({ level, text }) => [level, text]);
    expect(told).toEqual([
      ['warn', 'bots can not be written down; they run on, and it is tried again'],
      ['info', 'bots are written down again'],
    ]);
  });

  test('a write that can never succeed is not repeated for ever', async () => {
    const { store, writes, step } = world();
    store.failWith(new Error('violates a constraint'));
    step();
    await expect(writes.writeSurely(botId)).rejects.toThrow('violates a constraint');
  });

  test('a row that the database refuses is told once, until it was written', async () => {
    const { store, log, writes, step } = world();
    const attempt = async () => {
      step();
      writes.writeSoon(botId);
      await turn();
    };
    const refused = () => log.lines.filter(({ level }) => level === 'error').length;
    for (const times of [1, 2]) {
      store.failWith(new Error('violates a constraint'));
      for (let attempts = 0; attempts < 3; attempts += 1) await attempt();
      expect(refused()).toBe(times);
      store.failWith(null);
      await attempt();
    }
    expect(log.lines).toHaveLength(2);
  });

  test('a bot is full at the bound and not any more when it was written', async () => {
    const { store, writes, step } = world();
    step(activities(499));
    expect(writes.isFull(botId)).toBe(false);
    step(activities(1));
    expect(writes.isFull(botId)).toBe(true);
    store.failWith(new StoreUnavailable('down'));
    await expect(writes.write(botId)).rejects.toThrow('down');
    expect(writes.isFull(botId)).toBe(true);
    store.failWith(null);
    await writes.write(botId);
    expect(writes.isFull(botId)).toBe(false);
  });

  test('nothing is begun for what nobody waits for while a write is under way', async () => {
    const { store, writes, step } = world();
    store.hold();
    step();
    for (let round = 0; round < 100; round += 1) writes.writeSoon(botId);
    step();
    for (let round = 0; round < 100; round += 1) writes.writeSoon(botId);
    await turn();
    expect(store.begun).toBe(1);
    store.release();
    await eventually(() => expect(store.committed).toHaveLength(1));
    expect(writes.unwritten()).toEqual([botId]);
  });

  test('a released bot is written by nobody, and what it had is given back', async () => {
    const { store, writes, step } = world();
    store.hold();
    store.failWith(new StoreUnavailable('down'));
    step(activities(1));
    const first = writes.write(botId);
    const second = writes.write(botId);
    const released = writes.release(botId);
    store.release();
    await expect(first).rejects.toThrow('down');
    await second;
    expect(await released).toMatchObject({ activities: [{ code: 'A0' }] });
    expect(store.begun).toBe(1);
  });

  test('closing writes what is left, and gives up after its time', async () => {
    const { store, writes, step } = world();
    step();
    await writes.close(1_000);
    expect(store.committed).toHaveLength(1);
    store.hold();
    step();
    await writes.close(1);
    expect(store.committed).toHaveLength(1);
    store.release();
  });

  test('a journal that the database refuses stops nobody: the rest is written, and rows that rest on it are not', async () => {
    const { store, writes, step, lost } = world();
    const commit = store.commit.bind(store);
    store.commit = (change) => {
      if (change.journal.length === 0) return commit(change);
      writes.noteJournal(botId, [row(2)]);
      return Promise.reject(new Error('refused'));
    };
    step();
    writes.noteJournal(botId, [row(1)]);
    await writes.write(botId);
    expect(store.committed.map(({ journal, visible }) => ({ journal, visible }))).toEqual([
      { journal: [], visible: true },
    ]);
    expect(lost).toEqual([botId]);
    await writes.write(botId);
    expect(store.committed.flatMap(({ journal }) => journal)).toEqual([]);
  });

  test('a journal waits with the rest, in its order, as long as it is not too much', async () => {
    const { store, writes, step, lost } = world();
    store.failWith(new StoreUnavailable('away'));
    step();
    writes.noteJournal(botId, [row(1)]);
    await expect(writes.write(botId)).rejects.toThrow('away');
    writes.noteJournal(botId, [row(2), row(3)]);
    writes.noteJournal(botId, [{ ...row(4), text: 'x'.repeat(500_000) }]);
    expect(lost).toEqual([botId]);
    store.failWith(null);
    await writes.write(botId);
    expect(store.committed.flatMap(({ journal }) => journal.map(({ number }) => number))).toEqual([1, 2, 3]);
  });

  test('the journals of many bots together wait for no more than the memory has room for', () => {
    const { writes, lost } = world();
    const ids = Array.from({ length: 1_000 }, (_, number) => BotId.of(`bot_${String(number).padStart(8, '0')}`));
    for (const id of ids) writes.note(id, { ...noFacts, visible: true });
    const [first = botId] = ids;
    writes.noteJournal(first, [{ ...row(1), text: 'x'.repeat(90_000) }]);
    expect(lost).toEqual([]);
    writes.noteJournal(first, [{ ...row(2), text: 'x'.repeat(20_000) }]);
    expect(lost).toEqual([first]);
  });
});
