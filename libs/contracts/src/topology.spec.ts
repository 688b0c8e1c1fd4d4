import { describe, expect, it } from '@jest/globals';
import {
  consumerConfig,
  deadLetterSubject,
  orderApproved,
  registeredMessages,
  speakers,
  streamConfig,
  streamNames,
  topology,
} from './index.js';
import { subjectFilter } from './subject.js';
import { overlaps } from './testing/patterns.js';

const streamOf = (name: string) => {
  const found = topology.streams.find((stream) => stream.name === name);
  if (found === undefined) throw new Error(`no stream ${name}`);
  return found;
};

describe('the streams', () => {
  it('are all there, once', () => {
    expect(topology.streams.map(({ name }) => name).sort()).toEqual([...streamNames].sort());
  });

  it('keep every event that names a stream, each in that one alone', () => {
    for (const { subject, stream } of registeredMessages) {
      const keeping = topology.streams.filter(({ subjects }) => subjects.includes(subjectFilter(subject)));
      expect([subject, keeping.map(({ name }) => name)]).toEqual([subject, stream === null ? [] : [stream]]);
    }
  });

  it('do not overlap, which the server would refuse', () => {
    const all = topology.streams.flatMap(({ subjects }) => subjects);
    for (const [index, one] of all.entries()) {
      for (const other of all.slice(index + 1)) expect([one, other, overlaps(one, other)]).toEqual([one, other, false]);
    }
  });

  it('are bounded in age and bytes, and remember message ids for two minutes or more, but not longer than messages', () => {
    for (const { name, ageMsMax, bytesMax, duplicateWindowMs } of topology.streams) {
      expect([name, ageMsMax > 0, bytesMax > 0]).toEqual([name, true, true]);
      expect([name, duplicateWindowMs >= 120_000, duplicateWindowMs <= ageMsMax]).toEqual([name, true, true]);
    }
  });

  it('have a place for the dead letters of every speaker', () => {
    for (const speaker of speakers) {
      expect(streamOf('DEAD_LETTERS').subjects.some((kept) => overlaps(kept, deadLetterSubject(speaker)))).toBe(true);
    }
  });

  it('are spelled for JetStream within a namespace', () => {
    expect(streamConfig('t1', streamOf('VERDICTS'))).toEqual({
      name: 't1-VERDICTS',
      subjects: ['t1.order.approved.v1.*', 't1.order.denied.v1.*'],
      retention: 'limits',
      storage: 'file',
      discard: 'old',
      max_age: 86_400_000_000_000,
      max_bytes: 33_554_432,
      max_msgs_per_subject: -1,
      duplicate_window: 3_600_000_000_000,
      allow_direct: false,
    });
  });
});

const everyConsumer = [...topology.consumers, ...topology.optionalConsumers];

describe('the consumers', () => {
  it('of a service that not everybody runs are made only where it runs', () => {
    expect(new Set(topology.optionalConsumers.map(({ speaker }) => speaker))).toEqual(new Set(['kafka-bridge']));
    expect(topology.consumers.map(({ speaker }) => speaker)).not.toContain('kafka-bridge');
  });

  it('are one a speaker and stream', () => {
    const names = everyConsumer.map(({ speaker, stream }) => `${speaker} ${stream}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('see an approval only as execution', () => {
    const approvals = subjectFilter(orderApproved.subject);
    const seeing = everyConsumer.filter(({ stream, filters }) =>
      (filters.length === 0 ? streamOf(stream).subjects : filters).some((filter) => overlaps(filter, approvals)),
    );
    expect(seeing.map(({ speaker }) => speaker)).toEqual(['execution']);
  });

  it('filter only what their stream keeps', () => {
    for (const { stream, filters } of everyConsumer) {
      expect(streamOf(stream).subjects).toEqual(expect.arrayContaining([...filters]));
    }
  });

  it('are bounded, and wait for a word as long as their first redelivery, which is what the server goes by', () => {
    for (const { ackPendingMax, deliveriesMax, ackWaitMs, redeliverAfterMs } of everyConsumer) {
      expect([ackPendingMax > 0, deliveriesMax]).toEqual([true, 8]);
      expect(redeliverAfterMs[0]).toBe(ackWaitMs);
    }
  });

  it('are spelled for JetStream within a namespace', () => {
    const execution = topology.consumers.find(({ speaker }) => speaker === 'execution');
    if (execution === undefined) throw new Error('no consumer for execution');
    expect(consumerConfig('t1', execution)).toEqual({
      durable_name: 'execution',
      ack_policy: 'explicit',
      deliver_policy: 'all',
      filter_subjects: ['t1.order.approved.v1.*', 't1.order.denied.v1.*'],
      ack_wait: 15_000_000_000,
      backoff: [15_000_000_000, 15_000_000_000, 15_000_000_000, 30_000_000_000, 60_000_000_000],
      max_deliver: -1,
      max_ack_pending: 1_000,
    });
  });
});
