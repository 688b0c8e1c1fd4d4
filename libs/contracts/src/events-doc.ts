import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { type RegisteredMessage, registeredMessages } from './registry.js';
import { subjectFilter } from './subject.js';
import { listenersOf, topology } from './topology.js';

const preamble = `# Events and questions

Generated from \`proto/\` and the topology by \`node libs/contracts/scripts/events-doc.mjs\`; do not edit.

Every subject on the wire is preceded by the namespace and a dot. Every event carries its id, its cause and two times
(\`meta\`); W3C trace context travels in the headers. Prices, quantities and amounts are exact decimal texts.
An event in a stream is delivered at least once; one over core NATS at most once, and the next one cures a loss.
What cannot be handled goes to \`dead-letter.v1.{speaker}\` in the stream DEAD_LETTERS with headers that say from where
and why.
`;

/**
 * docs/events.md.
 * @param protoText the text of a proto file by its path below proto/, for the comments
 */
export function eventsDocument(protoText: (path: string) => string): string {
  const describe = (message: RegisteredMessage): string => section(message, protoText);
  const events = registeredMessages.filter(({ askedBy }) => askedBy === null);
  const questions = registeredMessages.filter(({ askedBy }) => askedBy !== null);
  return [
    preamble,
    '## Overview\n',
    ...overview(events),
    '\n## Streams\n',
    ...streamTable(),
    '\n## Events\n',
    events.map(describe).join('\n'),
    '## Questions\n',
    questions.map(describe).join('\n'),
  ].join('\n');
}

function overview(events: readonly RegisteredMessage[]): string[] {
  const rows = events.map(({ name, subject, stream, owners }) => {
    const hearing = [...topology.consumers, ...topology.optionalConsumers]
      .filter((consumer) => consumer.stream === stream)
      .filter(({ filters }) => filters.length === 0 || filters.includes(subjectFilter(subject)))
      .map(({ speaker }) => speaker);
    const heard = (stream === null ? listenersOf({ subject }) : hearing).join(', ');
    return `| [${name}](#${name.toLowerCase()}) | \`${subject}\` | ${stream ?? 'core'} | ${said(owners)} | ${heard} |`;
  });
  return ['| event | subject | stream | says | hears |', '|---|---|---|---|---|', ...rows];
}

const said = (owners: readonly string[]): string => (owners.length > 3 ? 'every service' : owners.join(', '));

function streamTable(): string[] {
  const rows = topology.streams.map(({ name, ageMsMax, bytesMax, messagesPerSubjectMax, duplicateWindowMs }) => {
    const limit = messagesPerSubjectMax < 0 ? '' : String(messagesPerSubjectMax);
    return `| ${name} | ${ageMsMax / 3_600_000} h | ${bytesMax / 2 ** 20} MiB | ${limit} | ${duplicateWindowMs / 60_000} min |`;
  });
  return [
    '| stream | age | size | messages a subject | repeated message ids are dropped for |',
    '|---|---|---|---|---|',
    ...rows,
  ];
}

function section(
  { name, subject, stream, owners, askedBy, schema }: RegisteredMessage,
  text: (path: string) => string,
) {
  const path = `${schema.file.name}.proto`;
  const route =
    askedBy === null
      ? `\`${subject}\` · ${stream ?? 'core NATS'} · said by ${said(owners)}`
      : `\`${subject}\` · answered by ${said(owners)} · asked by ${askedBy.join(', ')}`;
  return [
    `### ${name}\n`,
    `${commentOf(text(path), name)}\n`,
    `${route} · [${path}](../proto/${path})\n`,
    ...fieldLines(schema),
    '',
  ].join('\n');
}

const fieldLines = (schema: DescMessage): string[] =>
  schema.fields.map((field) => `- \`${field.name}\` ${typeOf(field)}${field.proto.proto3Optional ? ', optional' : ''}`);

function typeOf(field: DescField): string {
  const many = field.fieldKind === 'list' ? 'list of ' : '';
  const named = field.message ?? field.enum;
  if (named !== undefined) return `${many}${named.name}`;
  return `${many}${field.scalar === undefined ? 'map' : ScalarType[field.scalar].toLowerCase()}`;
}

/** The comment right above a message: the generated descriptors do not keep it. */
function commentOf(protoText: string, name: string): string {
  const lines = protoText.split('\n');
  const end = lines.indexOf(`message ${name} {`);
  let start = end;
  while (start > 0 && lines[start - 1]?.startsWith('//')) start -= 1;
  return lines
    .slice(start, end)
    .map((line) => line.replace(/^\/\/ ?/, ''))
    .join('\n');
}
