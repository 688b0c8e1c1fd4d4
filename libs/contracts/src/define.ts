import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { assert } from '@scalpstorm/kernel';
import { type Contract, type Question, UnreadableMessage } from './contract.js';
import { registeredMessage } from './registry.js';
import { router } from './subject.js';

/** Both directions between one message and its model. `at` names the message, for the error text. */
export interface Mapping<Schema extends DescMessage, Model> {
  readonly schema: Schema;
  readonly toWire: (model: Model) => MessageInitShape<Schema>;
  /** @throws UnreadableMessage */
  readonly fromWire: (wire: MessageShape<Schema>, at: string) => Model;
}

/** Binds a mapping to the subject and stream of its proto options. */
export function defineContract<Schema extends DescMessage, Event>(
  mapping: Mapping<Schema, Event>,
  tokens: Readonly<Record<string, (event: Event) => string>> = {},
): Contract<Event> {
  const { name, subject, stream, askedBy } = registeredMessage(mapping.schema);
  assert(askedBy === null, `${name} is a question`);
  return { name, subject, stream, route: router(subject, tokens), ...codec(mapping) };
}

/** Binds two mappings to the subject of the request's proto options. */
export function defineQuestion<RequestSchema extends DescMessage, ReplySchema extends DescMessage, Request, Reply>(
  request: Mapping<RequestSchema, Request>,
  reply: Mapping<ReplySchema, Reply>,
): Question<Request, Reply> {
  const { name, subject, askedBy } = registeredMessage(request.schema);
  assert(askedBy !== null, `${name} is not a question`);
  return { name, subject, request: codec(request), reply: codec(reply) };
}

function codec<Schema extends DescMessage, Model>(mapping: Mapping<Schema, Model>) {
  const { schema, toWire, fromWire } = mapping;
  return {
    encode: (model: Model): Uint8Array => toBinary(schema, create(schema, toWire(model))),
    decode: (bytes: Uint8Array): Model => fromWire(parse(schema, bytes), schema.name),
  };
}

function parse<Schema extends DescMessage>(schema: Schema, bytes: Uint8Array): MessageShape<Schema> {
  try {
    return fromBinary(schema, bytes);
  } catch (cause) {
    throw new UnreadableMessage(`${schema.name}: not a protobuf message`, { cause });
  }
}
