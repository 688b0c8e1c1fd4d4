import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Logger } from '@nestjs/common';
import { inboxPrefix, type Speaker } from '@scalpstorm/contracts';
import { assert } from '@scalpstorm/kernel';
import { backoffMs, within } from './backoff.js';
import type { BusState } from './bus.js';
import type { BusMetrics } from './metrics.js';

export interface NatsAddress {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly namespace: string;
}

export interface LinkOptions {
  readonly metrics: BusMetrics;
  readonly lost: (cause: Error) => void;
  /** For what it is, where a speaker has several; part of the name by which the server shows it. */
  readonly purpose?: string;
}

const reconnectBackoff = { firstMs: 100, maxMs: 5_000 };
/** A machine that starts everything at once gives a process no turn for seconds; a server that is not there refuses at once. */
const connectTimeoutMs = 15_000;
const pingIntervalMs = 10_000;
const closeMsMax = 1_000;
const connectedMsMax = 2_000;

/**
 * One connection that is made again for as long as the process lives. It closes only when we close it or when the server
 * refuses who we are; the latter is `lost`, and the process should end rather than stay deaf.
 */
export class NatsLink {
  readonly #log = new Logger('bus');
  readonly #onReconnect = new Set<() => void>();
  #state: BusState = 'connected';
  #reconnects = 0;
  #closing = false;

  private constructor(
    readonly connection: NatsConnection,
    private readonly metrics: BusMetrics,
    lost: (cause: Error) => void,
  ) {
    void this.#watch();
    void connection.closed().then((cause) => {
      this.#state = 'closed';
      if (!this.#closing) lost(new Error('the connection to NATS was closed for good', { cause }));
    });
  }

  static async open(
    address: NatsAddress,
    speaker: Speaker,
    { metrics, lost, purpose }: LinkOptions,
  ): Promise<NatsLink> {
    let attempts = 0;
    const connection = await connect({
      servers: address.url.split(','),
      user: address.user,
      pass: address.password,
      name: [address.namespace, speaker, ...(purpose === undefined ? [] : [purpose])].join('-'),
      // A service may only subscribe below its own inbox, so nobody reads another's answers.
      inboxPrefix: inboxPrefix(speaker),
      timeout: connectTimeoutMs,
      maxReconnectAttempts: -1,
      // The client asks twice an attempt: before it dials and while it waits.
      reconnectDelayHandler: () => {
        attempts += 0.5;
        return backoffMs(Math.ceil(attempts), reconnectBackoff);
      },
      pingInterval: pingIntervalMs,
      maxPingOut: 2,
    });
    const link = new NatsLink(connection, metrics, lost);
    link.onReconnect(() => {
      attempts = 0;
    });
    return link;
  }

  get state(): BusState {
    return this.#state;
  }

  get reconnects(): number {
    return this.#reconnects;
  }

  onReconnect(callback: () => void): void {
    this.#onReconnect.add(callback);
  }

  /** Resolves when the connection is there, or when waiting for it has taken too long: what follows then fails by itself. */
  async connected(): Promise<void> {
    if (this.#state !== 'reconnecting') return;
    let callback = () => {};
    const reconnected = new Promise<void>((resolve) => {
      callback = resolve;
      this.#onReconnect.add(callback);
    });
    await within(connectedMsMax, reconnected);
    this.#onReconnect.delete(callback);
  }

  /** Sends what is still in the buffer; gives up after a moment, because a dead server must not hold the process. */
  async flush(): Promise<void> {
    if (this.#state === 'connected') await within(closeMsMax, this.connection.flush().catch(ignoreClosed));
  }

  /** Sends what is still in the buffer, then closes; within a bound. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    await this.flush();
    await within(closeMsMax, this.connection.close());
    this.#state = 'closed';
  }

  async #watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') {
        if (!this.#closing) this.#log.warn('disconnected from NATS');
        this.#state = 'reconnecting';
      } else if (status.type === 'reconnect') {
        this.#state = 'connected';
        this.#reconnects += 1;
        this.metrics.reconnects.inc();
        this.#log.log('connected to NATS again');
        for (const callback of this.#onReconnect) callback();
      } else if (status.type === 'error') {
        this.#log.error(`NATS: ${status.error.message}`);
      }
    }
  }
}

/** Only a connection that is already gone refuses to flush, and then there is nothing left to send. */
function ignoreClosed(cause: unknown): void {
  assert(cause instanceof Error, 'the client rejects with errors');
}
