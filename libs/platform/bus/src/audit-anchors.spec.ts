import { expect, it } from '@jest/globals';
import { auditAnchored } from '@scalpstorm/contracts';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { FakeClock } from '@scalpstorm/testkit';
import { AuditAnchors, type ChainEnd } from './audit-anchors.js';
import { MemoryBroker, MemoryBus } from './testing.js';

const end = (sequence: number): ChainEnd => ({ chain: 'access', mark: { sequence, hash: 'ab'.repeat(32) } });

function scene() {
  const broker = new MemoryBroker();
  const { bus } = new MemoryBus({ broker, speaker: 'gateway' });
  const log = new RecordingLog();
  const ends: ChainEnd[] = [];
  const clock = new FakeClock();
  const anchors = new AuditAnchors({ bus, service: 'gateway', clock, log, ends: async () => ends });
  const told = () => broker.stored('AUDIT').map(({ subject, payload }) => [subject, auditAnchored.decode(payload)]);
  return { broker, anchors, ends, log, told };
}

it('the end of a chain is told once, under the name of whose it is, and again only when it has grown', async () => {
  const { anchors, ends, log, told, broker } = scene();
  ends.push(end(3));
  await anchors.tell();
  await anchors.tell();
  expect(told()).toMatchObject([
    ['audit.anchored.v1.gateway.access', { service: 'gateway', chain: 'access', mark: end(3).mark }],
  ]);
  ends.splice(0, 1, end(4));
  await anchors.beforeApplicationShutdown();
  expect(told()).toHaveLength(2);
  expect(log.lines.filter(({ text }) => text === 'an audit chain was anchored')).toHaveLength(2);
  broker.close();
});

it('a chain without rows is not told, and one that can not be told keeps nobody up', async () => {
  const { anchors, ends, told, broker, log } = scene();
  ends.push(end(0));
  await anchors.tell();
  expect(told()).toEqual([]);
  const send = async () => {
    throw new Error('no stream');
  };
  const clock = new FakeClock();
  const mute = new AuditAnchors({ bus: { send }, service: 'gateway', clock, log, ends: async () => [end(1)] });
  await mute.tell();
  expect(log.lines.at(-1)).toMatchObject({ level: 'warn' });
  broker.close();
});
