import { assert } from '@scalpstorm/kernel';
import { type Speaker, speakers } from './contract.js';
import { type RegisteredMessage, registeredMessages } from './registry.js';
import { subjectFilter, withSpeaker } from './subject.js';
import { consumersOf, deadLetterSubject, listenersOf } from './topology.js';

/** One entry of `authorization.users` in the configuration of a NATS server. */
export interface NatsUser {
  readonly user: string;
  readonly password: string;
  readonly permissions: {
    readonly publish: { readonly allow: readonly string[] };
    readonly subscribe: { readonly allow: readonly string[] };
  };
}

/** Creates streams and consumers; no service may. */
export const administrator = 'admin';

/** The prefix of every inbox of a speaker, a connection option; nobody else may subscribe there. */
export const inboxPrefix = (speaker: Speaker): string => `_INBOX.${speaker}`;

/**
 * Where a speaker expects the answer to a question: `token` is unguessable and used once (`noMux` with `reply` in the client).
 * Apart from the inboxes of pulled messages and publish acknowledgements, so that whoever answers can write nowhere else.
 */
export const answerInbox = (speaker: Speaker, token: string): string => `${inboxPrefix(speaker)}.answer.${token}`;

/**
 * One user a speaker and the administrator. What each may say and hear follows from the proto options and the topology;
 * `*` stands for the namespace, which is in the stream's name too.
 *
 * - Approvals: only risk-gate may publish them. Nobody may subscribe to them; they reach only the consumer `execution`,
 *   whose messages only the user `execution` may ask for. Nobody may create a consumer or listen to another's inbox, and
 *   nobody but the teller of approvals may read a message of a stream by its place, to see which verdict was first.
 * - Answers: not `allow_responses`. The asker chooses the reply subject, so an answering service could be made to write
 *   its answer to a subject on which only it may speak, or nobody (seen on 2.10: into the stream of the approvals).
 * - A reply subject on a pull or a publish makes JetStream itself write there. A pulled message keeps its own subject in
 *   the stream that it lands in, so no consumer takes it for an approval; an acknowledgement is JSON, which is poison.
 *
 * @param passwords one for each speaker and for {@link administrator}
 */
export function natsUsers(passwords: Readonly<Record<string, string>>): NatsUser[] {
  const all = { publish: { allow: ['>'] }, subscribe: { allow: ['>'] } };
  return [
    { user: administrator, password: passwordOf(administrator, passwords), permissions: all },
    ...speakers.map((speaker) => ({
      user: speaker,
      password: passwordOf(speaker, passwords),
      permissions: { publish: { allow: maySay(speaker) }, subscribe: { allow: mayHear(speaker) } },
    })),
  ];
}

/** The stream's name is one token with the namespace in it, so this is any stream; what the gate may not hear anyway has no secrets. */
const readsBack: Speaker = 'risk-gate';

function maySay(speaker: Speaker): string[] {
  const said = registeredMessages.filter(({ askedBy, owners }) => (askedBy ?? owners).includes(speaker));
  const askers = questions(speaker).flatMap(({ askedBy }) => askedBy ?? []);
  const hears = consumersOf(speaker).length > 0;
  return [
    ...said.map(({ subject }) => anywhere(withSpeaker(subject, speaker))),
    ...[...new Set(askers)].map((asker) => answerInbox(asker, '*')),
    ...(hears ? consuming(speaker) : []),
    ...(speaker === readsBack ? ['$JS.API.STREAM.MSG.GET.*'] : []),
  ];
}

function mayHear(speaker: Speaker): string[] {
  const core = registeredMessages.filter(({ askedBy, stream }) => askedBy === null && stream === null);
  const listened = core.filter((message) => listenersOf(message).includes(speaker));
  return [
    `${inboxPrefix(speaker)}.>`,
    ...questions(speaker).map(({ subject }) => anywhere(subject)),
    ...listened.map(({ subject }) => anywhere(subject)),
  ];
}

function consuming(speaker: Speaker): string[] {
  return [
    anywhere(deadLetterSubject(speaker)),
    `$JS.API.CONSUMER.INFO.*.${speaker}`,
    `$JS.API.CONSUMER.MSG.NEXT.*.${speaker}`,
    `$JS.ACK.*.${speaker}.>`,
  ];
}

/** The questions that a speaker answers. */
const questions = (speaker: Speaker): RegisteredMessage[] =>
  registeredMessages.filter(({ askedBy, owners }) => askedBy !== null && owners.includes(speaker));

const anywhere = (subject: string): string => `*.${subjectFilter(subject)}`;

function passwordOf(user: string, passwords: Readonly<Record<string, string>>): string {
  const password = passwords[user];
  assert(password !== undefined && password !== '', `no password for the NATS user ${user}`);
  return password;
}
