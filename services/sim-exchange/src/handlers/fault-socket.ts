import { TextSocket } from '../ports/text-socket.js';
import { userStream } from './fault-rule.js';
import type { EventPlan, FaultSwitch } from './fault-switch.js';

/** A client that lets this much pile up does not read any more: it is cut off, and the others go on. */
export const bufferedBytesMax = 8 * 1024 * 1024;
/** So long a client that was cut off may still read why. */
const farewellMs = 2_000;
const policyViolation = 1008;
const lostConnection = 1006;
const apiKeysMax = 16;

/** What is needed of a websocket; the one of `ws` is one. */
export interface Connection {
  readonly readyState: number;
  readonly OPEN: number;
  readonly bufferedAmount: number;
  send(text: string): void;
  pong(data: Buffer): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

export interface FaultSocketOptions {
  readonly faults: FaultSwitch;
  /** `market` carries public streams; on `api` everything that is not an answer is a user event. */
  readonly kind: 'market' | 'api';
  /** The public streams that it carries now. */
  readonly streams: () => Iterable<string>;
  /** One readable line, for people. */
  readonly tell: (text: string) => void;
}

/** A client's socket, with the faults of the switch in between and a bound on what may wait to be read. */
export class FaultSocket extends TextSocket {
  readonly apiKeys = new Set<string>();
  readonly streams: () => Iterable<string>;
  private readonly held: string[] = [];
  private holdTimer: NodeJS.Timeout | null = null;
  private heldFor: EventPlan['reorder'] = null;
  private isCut = false;

  constructor(
    private readonly connection: Connection,
    private readonly options: FaultSocketOptions,
  ) {
    super();
    this.streams = options.kind === 'api' ? () => [userStream] : options.streams;
  }

  /** Remembers who speaks, so that a fault can be meant for one account. */
  heard(apiKey: string | null): void {
    if (apiKey !== null && this.apiKeys.size < apiKeysMax) this.apiKeys.add(apiKey);
  }

  send(text: string, stream?: string): void {
    const event = stream ?? (this.options.kind === 'api' ? userStream : undefined);
    const plan = event === undefined ? null : this.options.faults.eventPlan(this, event);
    if (plan === null) {
      this.write(text);
      return;
    }
    for (let copy = 0; copy <= plan.copies; copy += 1) {
      if (plan.reorder === null) this.write(text);
      else this.hold(text, plan.reorder);
    }
  }

  /** The answer to a request: no event, so it is neither doubled nor held. */
  reply(text: string): void {
    this.write(text);
  }

  pong(data: Buffer): void {
    if (!this.options.faults.isSilent(this)) this.connection.pong(data);
  }

  /** Closes the socket if a fault wants that. */
  cutIfAsked(): void {
    const code = this.isCut ? null : this.options.faults.cutCode(this);
    if (code !== null) this.cut(code, 'cut by the fault switch');
  }

  cut(code = lostConnection, reason = ''): void {
    this.isCut = true;
    if (code === lostConnection) {
      this.connection.terminate();
      return;
    }
    this.connection.close(code, reason);
    setTimeout(() => this.connection.terminate(), farewellMs).unref();
  }

  closed(): void {
    this.isCut = true;
    if (this.holdTimer !== null) clearTimeout(this.holdTimer);
    this.held.length = 0;
  }

  private hold(text: string, reorder: NonNullable<EventPlan['reorder']>): void {
    this.heldFor = reorder;
    this.held.push(text);
    if (this.held.length >= reorder.window) this.release();
    else this.holdTimer ??= setTimeout(() => this.release(), reorder.holdMs).unref();
  }

  private release(): void {
    if (this.holdTimer !== null) clearTimeout(this.holdTimer);
    this.holdTimer = null;
    const texts = this.held.splice(0);
    for (const text of this.heldFor === null ? texts : shuffled(texts, this.heldFor.rng)) this.write(text);
  }

  private write(text: string): void {
    const { connection, options } = this;
    if (this.isCut || connection.readyState !== connection.OPEN || options.faults.isSilent(this)) return;
    if (connection.bufferedAmount <= bufferedBytesMax) {
      connection.send(text);
      return;
    }
    const reason = `SLOW_CONSUMER: more than ${bufferedBytesMax} bytes unread`;
    options.tell(`a client was cut off. ${reason}; read faster, or subscribe to less on one connection`);
    this.cut(policyViolation, reason);
  }
}

/** Another order than the one given, always, by Fisher and Yates. */
function shuffled(texts: readonly string[], rng: { below(bound: number): number }): readonly string[] {
  const order = [...texts];
  for (let index = order.length - 1; index > 0; index -= 1) {
    const other = rng.below(index + 1);
    const text = order[index] as string;
    order[index] = order[other] as string;
    order[other] = text;
  }
  return order.some((text, index) => text !== texts[index]) ? order : order.reverse();
}
