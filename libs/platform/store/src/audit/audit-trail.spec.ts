import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { describeWithServers, FakeClock } from '@scalpstorm/testkit';
import { type ScratchStore, scratchStore } from '../../test/scratch-store.js';
import type { Store } from '../store.js';
import { AuditTrail } from './audit-trail.js';
import { beginningOf, type ChainMark, markAfter } from './hash-chain.js';
import { verifyChain } from './verify-chain.js';

describeWithServers('a trail of the audit', ({ postgresUrl }) => {
  let scratch: ScratchStore;
  let store: Store;
  let clock: FakeClock;
  let trail: AuditTrail;

  beforeEach(async () => {
    scratch = await scratchStore(postgresUrl);
    store = scratch.store;
    clock = new FakeClock();
    trail = trailOf(store);
  });

  afterEach(() => scratch.drop());

  const trailOf = (through: Store) => new AuditTrail({ store: through, clock, service: 'spec', chain: 'facts' });
  const fact = (number: number) => ({
    kind: 'done',
    actor: 'usr_1',
    subject: `thing-${number}`,
    body: { number, nested: { b: 2, a: [1, null, 'ü'] } },
  });
  async function record(count: number): Promise<void> {
    for (let number = 1; number <= count; number += 1) {
      clock.advance(second);
      await trail.record(fact(number));
    }
  }
  const verify = (anchors: readonly ChainMark[] = []) => verifyChain(trail, { after: null, anchors });
  const faultOf = async (anchors: readonly ChainMark[] = []) => {
    const { fault } = await verify(anchors);
    return fault === null ? null : [fault.kind, fault.sequence];
  };
  /** As somebody who owns the database. */
  async function tamper(...statements: readonly string[]): Promise<void> {
    await store.sql.unsafe(`alter table audit_records disable trigger user; ${statements.join(';')}`);
  }
  const marks = async () => (await trail.rows(0, 1_000)).map(({ sequence, hash }) => ({ sequence, hash }));

  it('is a row for each fact, whose hash anybody can compute again', async () => {
    await record(2);
    const rows = await store.sql`select *, encode(hash, 'hex') as hex from audit_records order by sequence`;
    let before = createHash('sha256').update('scalpstorm audit 1 spec/facts').digest('hex');
    for (const row of rows) {
      const { actor, body, kind, recorded_at_us: at, subject } = row;
      expect(body).toEqual(fact(Number(row['sequence'])).body);
      const bodyText = `{"nested":{"a":[1,null,"ü"],"b":2},"number":${body.number}}`;
      const text = `{"actor":"${actor}","body":${bodyText},"kind":"${kind}","recordedAtUs":"${at}","subject":"${subject}"}`;
      before = createHash('sha256').update(before, 'hex').update(text).digest('hex');
      expect(row['hex']).toBe(before);
    }
    expect(await verify()).toMatchObject({ rows: 2, complete: true, fault: null });
  });

  it('has no row of what was rolled back, and no gap after it', async () => {
    await record(1);
    const failing = store.transaction(async (tx) => {
      await trail.append(tx, fact(2));
      throw new Error('the fact itself failed');
    });
    await expect(failing).rejects.toThrow('the fact itself failed');
    await trail.record(fact(3));
    expect((await trail.rows(0, 10)).map(({ sequence, about }) => [sequence, about])).toEqual([
      [1, 'done thing-1'],
      [2, 'done thing-3'],
    ]);
    expect(await faultOf()).toBeNull();
  });

  it('does not fork when several processes write at once', async () => {
    const others = [trail, trailOf(scratch.another()), trailOf(scratch.another())];
    await Promise.all(others.flatMap((other) => Array.from({ length: 15 }, (_, index) => other.record(fact(index)))));
    expect(await verify()).toMatchObject({ rows: 45, complete: true, fault: null });
  });

  it('refuses to change or forget a row, but for the pruning', async () => {
    await record(1);
    await expect(store.sql`update audit_records set actor = 'somebody else'`).rejects.toThrow('are never changed');
    await expect(store.sql`delete from audit_records`).rejects.toThrow('are never changed');
    expect(await faultOf()).toBeNull();
  });

  const changes = [
    `recorded_at_us = recorded_at_us + 1`,
    `kind = 'undone'`,
    `actor = 'usr_2'`,
    `subject = 'thing-9'`,
    `body = jsonb_set(body, '{nested,a,0}', '2')`,
    `hash = sha256(hash)`,
  ];
  for (const change of changes) {
    it(`names the row in which ${change}`, async () => {
      await record(5);
      await tamper(`update audit_records set ${change} where sequence = 3`);
      expect(await faultOf()).toEqual(['edited', 3]);
    });
  }

  it('names a row that went to another place', async () => {
    await record(5);
    await tamper('update audit_records set sequence = 30 where sequence = 3');
    expect(await faultOf()).toEqual(['missing', 3]);
    await tamper('update audit_records set sequence = 3 where sequence = 30');
    expect(await faultOf()).toBeNull();
    await tamper(`update audit_records set chain = 'other' where sequence = 4`);
    expect(await faultOf()).toEqual(['missing', 4]);
  });

  it('names a row that is gone, also the first and the last', async () => {
    await record(5);
    await tamper('delete from audit_records where sequence = 5');
    expect(await faultOf()).toEqual(['truncated', 5]);
    await tamper('delete from audit_records where sequence in (2, 3)');
    expect((await verify()).fault).toMatchObject({ kind: 'missing', sequence: 2, text: 'rows 2 to 3 are gone' });
    await tamper('delete from audit_records where sequence = 1');
    expect(await faultOf()).toEqual(['missing', 1]);
  });

  it('names a row that was put in, in the middle and at the end', async () => {
    await record(5);
    const columns = 'recorded_at_us, kind, actor, subject, body, hash';
    await tamper(`insert into audit_records select chain, 6, ${columns} from audit_records where sequence = 2`);
    expect(await faultOf()).toEqual(['inserted', 6]);
    await tamper(
      'delete from audit_records where sequence = 6',
      'update audit_records set sequence = sequence + 100 where sequence >= 3',
      'update audit_records set sequence = sequence - 99 where sequence >= 100',
      'update audit_heads set sequence = 6',
      `insert into audit_records select chain, 3, ${columns} from audit_records where sequence = 1`,
    );
    expect(await faultOf()).toEqual(['inserted', 3]);
  });

  it('names the first of two rows that changed places', async () => {
    const swap = (one: number, other: number) =>
      tamper(
        `update audit_records set sequence = 99 where sequence = ${one}`,
        `update audit_records set sequence = ${one} where sequence = ${other}`,
        `update audit_records set sequence = ${other} where sequence = 99`,
      );
    await record(6);
    await swap(2, 3);
    expect(await faultOf()).toEqual(['reordered', 2]);
    await swap(2, 3);
    expect(await faultOf()).toBeNull();
    await swap(2, 5);
    expect(await faultOf()).toEqual(['reordered', 2]);
  });

  it('is held against what was told outside: a cut that took the head with it, and a chain that was made anew', async () => {
    await record(6);
    const told = (await marks()).filter(({ sequence }) => sequence === 4 || sequence === 6);
    expect(await faultOf(told)).toBeNull();
    const [, , third] = await marks();
    await tamper(
      'delete from audit_records where sequence > 3',
      `update audit_heads set sequence = 3, hash = decode('${third?.hash}', 'hex')`,
    );
    expect(await faultOf()).toBeNull();
    expect(await faultOf(told)).toEqual(['truncated', 4]);
    await record(4);
    expect(await faultOf()).toBeNull();
    expect((await verify(told)).fault).toMatchObject({ kind: 'rewritten', sequence: 4 });
  });

  it('goes on behind what was forgotten, and tells from where', async () => {
    await record(6);
    const [first, second_, third] = await marks();
    const before = Timestamp.plus(clock.now(), -2 * second);
    expect(await trail.prune(before)).toBe(3);
    expect(await trail.prune(before)).toBe(0);
    expect(await trail.checkpoint()).toEqual(third);
    expect(await verify()).toMatchObject({ rows: 3, from: third, last: { sequence: 6 }, complete: true, fault: null });
    // What was told of rows that are forgotten proves nothing any more, but of the last of them.
    expect(await faultOf([first, second_, third].filter((mark) => mark !== undefined))).toBeNull();
    const forged = { sequence: 3, hash: '0'.repeat(64) };
    expect(await faultOf([forged])).toEqual(['rewritten', 3]);
    await trail.record(fact(7));
    expect(await verify()).toMatchObject({ rows: 4, complete: true, fault: null });
    expect(await trail.prune(Timestamp.plus(clock.now(), second))).toBe(4);
    await trail.record(fact(8));
    expect(await verify()).toMatchObject({ rows: 1, from: { sequence: 7 }, complete: true, fault: null });
  });

  it('is looked at in parts, each going on where the last one ended', async () => {
    await record(7);
    let after: ChainMark | null = null;
    const parts: (readonly [number, boolean])[] = [];
    for (let complete = false; !complete; ) {
      const check: Awaited<ReturnType<typeof verifyChain>> = await verifyChain(trail, {
        after,
        anchors: [],
        rowsMax: 3,
      });
      expect(check.fault).toBeNull();
      parts.push([check.rows, check.complete]);
      ({ last: after, complete } = check);
    }
    expect(parts).toEqual([
      [3, false],
      [3, false],
      [1, true],
    ]);
  });

  it('of one name proves nothing in a chain of another', () => {
    expect(beginningOf('execution/keys').hash).not.toBe(beginningOf('gateway/access').hash);
    expect(markAfter(beginningOf('a/b'), 'x').hash).not.toBe(markAfter(beginningOf('a/c'), 'x').hash);
  });
});
