import {
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  jetstream,
  type StoredMsg,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { deadLetterSubject, inNamespace, streamIn, topology } from '@scalpstorm/contracts';
import { administering } from './administration.js';
import type { NatsAddress } from './link.js';
import { plainHeaders } from './puller.js';
import { natsHeaders } from './sender.js';
import { matches } from './subjects.js';

/** One message that was put aside, as an operator sees it. */
export interface DeadLetterEntry {
  /** Its place among the dead letters, from 1; what {@link replayDeadLetters} takes. */
  readonly sequence: number;
  /** ISO 8601, when it was put aside. */
  readonly buriedAt: string;
  /** The service that could not handle it. */
  readonly consumer: string;
  /** `poison`, `unreadable` or `exhausted`. */
  readonly cause: string;
  readonly reason: string;
  /** Where it was sent first, without the namespace. */
  readonly subject: string;
  readonly stream: string;
  readonly streamSequence: number;
  readonly deliveries: number;
  readonly messageId: string;
  readonly bytes: number;
}

export interface DeadLetterPage {
  readonly letters: readonly DeadLetterEntry[];
  /** Give it as `after` to read on; null at the end. */
  readonly next: number | null;
  /** How many are kept altogether. */
  readonly total: number;
}

export type Replayed =
  | { readonly sequence: number; readonly ok: true; readonly subject: string; readonly streamSequence: number }
  | { readonly sequence: number; readonly ok: false; readonly code: 'NO_SUCH_LETTER' | 'NOT_REPLAYABLE' };

export const deadLetterPageMax = 100;

/** The oldest first, at most `limit` (1 to {@link deadLetterPageMax}) of those after the given place. */
export async function listDeadLetters(
  administrator: NatsAddress,
  { after = 0, limit = 20 }: { after?: number; limit?: number } = {},
): Promise<DeadLetterPage> {
  const most = Math.min(Math.max(1, limit), deadLetterPageMax);
  return administering(administrator, async (manager) => {
    const name = streamIn(administrator.namespace, 'DEAD_LETTERS');
    const { messages: total } = (await manager.streams.info(name)).state;
    const letters: DeadLetterEntry[] = [];
    let place = after;
    while (letters.length < most) {
      const message = await letterFrom(manager, administrator.namespace, place + 1);
      if (message === null) return { letters, next: null, total };
      place = message.seq;
      letters.push(entryOf(message));
    }
    const more = (await letterFrom(manager, administrator.namespace, place + 1)) !== null;
    return { letters, next: more ? place : null, total };
  });
}

/**
 * Sends letters to their own subjects again, whole: the same event with the same id, which every consumer of that stream then
 * hears once more and tells from a new one. A letter is removed after its stream has taken the message; what fails again comes
 * back as a new letter. At most {@link deadLetterPageMax} at once.
 */
export async function replayDeadLetters(
  administrator: NatsAddress,
  sequences: readonly number[],
): Promise<readonly Replayed[]> {
  return administering(administrator, async (manager, connection) => {
    const results: Replayed[] = [];
    for (const sequence of sequences.slice(0, deadLetterPageMax)) {
      results.push(await replay(sequence, administrator.namespace, { manager, connection }));
    }
    return results;
  });
}

interface Administration {
  readonly manager: JetStreamManager;
  readonly connection: NatsConnection;
}

async function replay(sequence: number, namespace: string, { manager, connection }: Administration): Promise<Replayed> {
  const letter = await letterFrom(manager, namespace, sequence);
  if (letter === null || letter.seq !== sequence) return { sequence, ok: false, code: 'NO_SUCH_LETTER' };
  const { subject, stream } = entryOf(letter);
  const spec = topology.streams.find(({ name }) => name === stream);
  const belongs = spec?.name !== 'DEAD_LETTERS' && spec?.subjects.some((pattern) => matches(pattern, subject));
  if (!belongs) return { sequence, ok: false, code: 'NOT_REPLAYABLE' };
  const kept = Object.entries(plainHeaders(letter.header)).filter(([name]) => !ownHeader.test(name));
  // An id of its own, or the stream would drop it as the duplicate of the first time; the same one when this is repeated.
  const msgID = `replay:${sequence}:${letter.time.getTime()}`;
  const headers = natsHeaders(Object.fromEntries(kept));
  const sent = await jetstream(connection).publish(inNamespace(namespace, subject), letter.data, { msgID, headers });
  await manager.streams.deleteMessage(streamIn(namespace, 'DEAD_LETTERS'), sequence, false);
  return { sequence, ok: true, subject, streamSequence: sent.seq };
}

/** Put on by the burial, or meant for the first time only. */
const ownHeader = /^(Dead-|Original-Nats-|Nats-)/i;

/** The first letter at the place or after it. */
async function letterFrom(manager: JetStreamManager, namespace: string, seq: number): Promise<StoredMsg | null> {
  const name = streamIn(namespace, 'DEAD_LETTERS');
  // The server knows it (2.9 and later), the client's type does not: the next one, over the gaps that replays leave.
  const query = { seq, next_by_subj: inNamespace(namespace, deadLetterSubject('*')) };
  try {
    return await manager.streams.getMessage(name, query);
  } catch (cause) {
    if (cause instanceof JetStreamApiError && cause.code === JetStreamApiCodes.NoMessageFound) return null;
    throw cause;
  }
}

function entryOf({ seq, time, header, data }: StoredMsg): DeadLetterEntry {
  const headers = plainHeaders(header);
  return {
    sequence: seq,
    buriedAt: time.toISOString(),
    consumer: headers['Dead-Consumer'] ?? '',
    cause: headers['Dead-Cause'] ?? '',
    reason: headers['Dead-Reason'] ?? '',
    subject: headers['Dead-Subject'] ?? '',
    stream: headers['Dead-Stream'] ?? '',
    streamSequence: Number(headers['Dead-Sequence'] ?? 0),
    deliveries: Number(headers['Dead-Deliveries'] ?? 0),
    messageId: headers['Original-Nats-Msg-Id'] ?? '',
    bytes: data.length,
  };
}
