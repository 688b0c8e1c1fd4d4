import { type Contract, type Meta, type Question, UnreadableMessage } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { newEventId } from '../meta.js';

/** The smallest event that can travel: bus specs are about delivery, not about orders. */
export interface Note {
  readonly meta: Meta;
  readonly account: string;
  readonly text: string;
}

export function note(account: string, text: string): Note {
  const now = Timestamp.fromMillis(Date.now());
  return { meta: { eventId: newEventId(now), causedBy: null, occurredAt: now, recordedAt: now }, account, text };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function read<Value>(bytes: Uint8Array): Value {
  try {
    return JSON.parse(decoder.decode(bytes)) as Value;
  } catch (cause) {
    throw new UnreadableMessage('not JSON', { cause });
  }
}

const codec = <Value>() => ({
  encode: (value: Value): Uint8Array => encoder.encode(JSON.stringify(value)),
  decode: (bytes: Uint8Array): Value => read<Value>(bytes),
});

/** A note on the subject and stream of a real contract, so that streams, consumers and permissions apply to it. */
export function noteContract(real: Pick<Contract<never>, 'name' | 'subject' | 'stream'>): Contract<Note> {
  const { name, subject, stream } = real;
  const route = ({ account }: Note) => subject.replace(/\{(?!speaker)\w+\}/g, account);
  return { name, subject, stream, route, ...codec<Note>() };
}

export function textQuestion(real: Pick<Question<never, never>, 'name' | 'subject'>): Question<string, string> {
  const { name, subject } = real;
  return { name, subject, request: codec<string>(), reply: codec<string>() };
}
