import { listening, type Receiver, type StreamReaders } from '@scalpstorm/bus';
import type { Contract, StreamName } from '@scalpstorm/contracts';
import { currentTraceparent } from '@scalpstorm/observability';
import type { Stamped } from '../domain/families.js';
import type { HeardMessage } from '../domain/translate.js';
import { type EventStream, EventStreams } from '../ports/event-streams.js';

/** JetStream through its durable consumers, core NATS through the bus's listeners. */
export class BusEventStreams extends EventStreams {
  constructor(
    private readonly readers: StreamReaders,
    private readonly receiver: Receiver,
  ) {
    super();
  }

  open(stream: StreamName): Promise<EventStream> {
    return this.readers.read(stream);
  }

  async listen(contracts: readonly Contract<Stamped>[], hear: (message: HeardMessage) => void): Promise<void> {
    const traced = (message: HeardMessage) => {
      const traceparent = currentTraceparent();
      hear(traceparent === null ? message : { ...message, headers: { traceparent } });
    };
    const listens = contracts.map((contract) => listening(asHeard(contract), traced));
    await this.receiver.receive({ hears: [], listens, answers: [] });
  }
}

/** The same subject, but its messages as they came. */
function asHeard(contract: Contract<Stamped>): Contract<HeardMessage> {
  const { name, subject, stream } = contract;
  return {
    name,
    subject,
    stream,
    route: (message) => message.subject,
    encode: (message) => message.data,
    // A listener is not told the subject, so it is made anew from the event.
    decode: (data) => ({ subject: contract.route(contract.decode(data)), data, headers: {} }),
  };
}
