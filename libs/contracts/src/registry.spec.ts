import { describe, expect, it } from '@jest/globals';
import * as contracts from './index.js';
import { registeredMessages } from './index.js';

type Spoken = contracts.Contract<unknown> | contracts.Question<unknown, unknown>;

const isSpoken = (exported: unknown): exported is Spoken =>
  typeof exported === 'object' && exported !== null && 'name' in exported && 'subject' in exported;
const spoken = Object.values<unknown>(contracts).filter(isSpoken);

describe('the registry', () => {
  it('has a constant for every message with a subject, and no constant besides', () => {
    expect(spoken.map(({ name }) => name).sort()).toEqual(registeredMessages.map(({ name }) => name).sort());
  });

  it('takes subject and stream of every constant from the proto options', () => {
    for (const { name, subject, ...rest } of spoken) {
      const message = registeredMessages.find((registered) => registered.name === name);
      expect([name, subject]).toEqual([name, message?.subject]);
      if ('stream' in rest) expect([name, rest.stream]).toEqual([name, message?.stream]);
    }
  });

  it('has no two messages of one name or on one subject', () => {
    expect(new Set(registeredMessages.map(({ name }) => name)).size).toBe(registeredMessages.length);
    expect(new Set(registeredMessages.map(({ subject }) => subject)).size).toBe(registeredMessages.length);
  });

  it('knows an owner of every message, and one of every question', () => {
    for (const { name, owners, askedBy } of registeredMessages) {
      expect([name, owners.length > 0]).toEqual([name, true]);
      expect([name, new Set(owners).size]).toEqual([name, owners.length]);
      if (askedBy !== null) expect([name, owners.length]).toEqual([name, 1]);
    }
  });

  it('puts the meta first into every event and into no question', () => {
    for (const { name, schema, askedBy } of registeredMessages) {
      const first = schema.fields.find(({ number }) => number === 1);
      expect([name, first?.message?.typeName === 'scalpstorm.common.v1.Meta']).toEqual([name, askedBy === null]);
    }
  });

  it('keeps the order lane in streams and the market out of them', () => {
    const streamOf = (start: string) =>
      new Set(
        registeredMessages.filter(({ subject }) => subject.startsWith(start)).map(({ stream }) => stream !== null),
      );
    expect(streamOf('order.')).toEqual(new Set([true]));
    expect(streamOf('market.')).toEqual(new Set([false]));
  });

  it('lets only the risk gate own an approval', () => {
    expect(registeredMessages.find(({ name }) => name === 'OrderApproved')?.owners).toEqual(['risk-gate']);
  });
});
