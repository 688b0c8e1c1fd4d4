import { Logger } from '@nestjs/common';
import { BrokenInvariant } from '@scalpstorm/kernel';
import { Mailbox } from './mailbox.js';
import type { BusMetrics } from './metrics.js';
import type { Listening } from './receiver.js';
import { asCarried, type MessageHeaders, spanned } from './tracing.js';

export interface Heard {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: MessageHeaders;
}

const waitingDefault = 1_024;

/**
 * Between a core NATS subscription and its handler. What cannot be read is counted and forgotten, a handler that fails has
 * missed this one: the next message cures both.
 */
export class Listener {
  readonly #log = new Logger('bus');
  readonly #mailbox: Mailbox<Heard>;
  #unreadable = 0;

  constructor(
    private readonly listening: Listening,
    private readonly metrics: BusMetrics,
    private readonly die: (error: BrokenInvariant) => void,
  ) {
    const message = listening.contract.name;
    const { waitingMax = waitingDefault, newestOnly = false, beforeStreams = false } = listening.options;
    metrics.listens(message);
    this.#mailbox = new Mailbox((heard) => this.#deliver(heard), {
      waitingMax,
      // In a pause an event of a stream would be handled before what was said earlier.
      isUnbroken: beforeStreams,
      keyOf: ({ subject }) => (newestOnly ? subject : null),
      dropped: () => metrics.listened.inc({ message, outcome: 'dropped' }),
    });
  }

  hear(heard: Heard): void {
    this.#mailbox.put(heard);
  }

  close(): void {
    this.#mailbox.close();
  }

  async #deliver({ data, headers }: Heard): Promise<void> {
    const { contract, on } = this.listening;
    const message = contract.name;
    try {
      const event = contract.decode(data);
      const work = async () => on(event);
      // Most belong to no trace, and this is done for every price.
      await (headers['traceparent'] === undefined
        ? work()
        : asCarried(headers, {}, () => spanned('process', { template: contract.subject }, work)));
      this.metrics.listened.inc({ message, outcome: 'done' });
    } catch (cause) {
      if (cause instanceof BrokenInvariant) return this.die(cause);
      this.metrics.listened.inc({ message, outcome: 'failed' });
      this.#unreadable += 1;
      // The flood of a broken sender must not become a flood of lines.
      if (Number.isInteger(Math.log2(this.#unreadable))) {
        this.#log.warn(
          `${message} failed ${this.#unreadable} times: ${cause instanceof Error ? cause.message : cause}`,
        );
      }
    }
  }
}
