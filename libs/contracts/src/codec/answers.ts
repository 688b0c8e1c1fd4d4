import { assert } from '@scalpstorm/kernel';
import type { Refusals } from '../generated/scalpstorm/common/v1/values_pb.js';
import type { Answer } from '../questions.js';
import { readRefused, unreadable } from './values.js';

/** The `oneof answer` of every reply: what was asked for, under one of several names, or why not. */
interface Given {
  readonly case: string | undefined;
  readonly value?: unknown;
}
type Named<Oneof extends Given> = Exclude<Oneof['case'], 'refused' | undefined>;
type Readers<Oneof extends Given, Value> = {
  readonly [Name in Named<Oneof>]: (value: Extract<Oneof, { case: Name }>['value'], at: string) => Value;
};

/** @throws UnreadableMessage when there is neither a value nor a refusal */
export function readAnswer<Oneof extends Given, Value>(
  answer: Oneof,
  at: string,
  readers: Readers<Oneof, Value>,
): Answer<Value> {
  const { case: name, value } = answer;
  if (name === undefined) return unreadable(`${at}.answer`, 'missing');
  if (name === 'refused') return readRefused(value as Refusals, `${at}.refused`);
  const read = (readers as Readonly<Record<string, ((value: unknown, at: string) => Value) | undefined>>)[name];
  assert(read !== undefined, `nothing reads the answer ${name}`);
  return { ok: true, value: read(value, `${at}.${name}`) };
}
