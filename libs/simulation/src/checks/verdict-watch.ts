import type { OrderApproved, OrderDenied, OrderRequested } from '@scalpstorm/contracts';
import { checks } from '@scalpstorm/engine';
import { type Micros, second } from '@scalpstorm/kernel';
import type { BotId, ClientOrderId, OrderRequest, UserId } from '@scalpstorm/model';
import type { Message } from '../lane/broker.js';
import type { VirtualTime } from '../time/virtual-time.js';
import type { Violated } from './violation.js';

/** What an order that gives back may be denied for: what is wrong with itself, and no limit. */
const closingCodes: ReadonlySet<string> = new Set(
  checks.filter(({ closing }) => closing).flatMap(({ refusals }) => refusals.map(({ code }) => code)),
);
const marketAgeMax = 5 * second;
/** A clock that was put back stands still for as long; what is judged by it meanwhile is judged as if no time passed. */
/** An approval expires, its request too, and a clock may be put back meanwhile: then nothing of before a halt is on its way. */
const haltSettles = 10 * second;
const clockRest = 11 * second;

interface Told {
  readonly kind: 'approved' | 'denied';
  /** Until when it holds; why it was denied may be said in other words. */
  readonly content: string;
  readonly at: Micros;
}

/** What the gate says: one verdict for each intent, none that opens after a halt or on old prices, none that holds a close back. */
export class VerdictWatch {
  /** How often each was denied, by code. */
  readonly denials = new Map<string, number>();
  approvals = 0;
  /** Bots that a breaker has halted. */
  trips = 0;
  /** When the gate heard of the market last; null before it did in this life. */
  marketHeardAt: number | null = null;
  clockSteppedAt = Number.NEGATIVE_INFINITY;
  private readonly closes = new Set<ClientOrderId>();
  private readonly verdicts = new Map<ClientOrderId, Told>();
  private readonly expiries = new Map<ClientOrderId, number>();
  private readonly approvedAt = new Map<ClientOrderId, number>();
  /** By user, by bot, and of everybody: null. */
  private readonly halts = new Map<UserId | BotId | null, number>();

  constructor(
    private readonly time: VirtualTime,
    private readonly violated: Violated,
  ) {}

  kept({ contract, event, sentAt }: Message): void {
    if (contract.name === 'OrderRequested') this.asked((event as OrderRequested).order);
    if (contract.name === 'OrderApproved') this.approved(event as OrderApproved, sentAt);
    if (contract.name === 'OrderDenied') this.denied(event as OrderDenied);
  }

  /** What was said first, whatever was written down of it. */
  firstVerdictOf(clientOrderId: string): Told['kind'] | null {
    return this.verdicts.get(clientOrderId as ClientOrderId)?.kind ?? null;
  }

  /** Orders whose verdict was told by then. */
  toldBefore(elapsed: Micros): readonly ClientOrderId[] {
    return [...this.verdicts].filter(([, { at }]) => at <= elapsed).map(([id]) => id);
  }

  /** When the gate judged it; now for one that it never judged. */
  judgedAt(clientOrderId: ClientOrderId): number {
    return this.approvedAt.get(clientOrderId) ?? this.time.elapsed;
  }

  /** Until when its first approval holds. */
  expiryOf(clientOrderId: ClientOrderId): number | undefined {
    return this.expiries.get(clientOrderId);
  }

  /** The gate has answered, or told, that it is durable. @param whose null: the whole platform's */
  halted(whose: UserId | BotId | null): void {
    this.halts.set(whose, this.time.elapsed);
  }

  /** Somebody has asked for its release. */
  releasing(whose: UserId | BotId | null): void {
    this.halts.delete(whose);
  }

  /** What opens is taken by the venue. */
  requireNoHalt({ clientOrderId, userId, botId }: OrderRequest): void {
    for (const whose of botId === null ? [null, userId] : [null, userId, botId]) {
      const since = this.halts.get(whose);
      if (since === undefined || this.time.elapsed - since <= haltSettles) continue;
      this.violated('I8', `the venue took ${clientOrderId}, which opens, long after a halt`);
    }
  }

  /** As whoever asked for it said, whatever others make of it. */
  private asked({ clientOrderId, purpose }: OrderRequest): void {
    if (purpose === 'close') this.closes.add(clientOrderId);
  }

  private approved({ order, expiresAt }: OrderApproved, sentAt: number): void {
    const { clientOrderId, userId, botId } = order;
    const isFirst = this.told(clientOrderId, { kind: 'approved', content: String(expiresAt), at: this.time.elapsed });
    if (!isFirst) return;
    this.approvals += 1;
    this.expiries.set(clientOrderId, expiresAt);
    this.approvedAt.set(clientOrderId, sentAt);
    if (this.closes.has(clientOrderId)) return;
    for (const whose of botId === null ? [null, userId] : [null, userId, botId]) {
      const since = this.halts.get(whose);
      if (since !== undefined && sentAt > since) this.violated('I8', `${clientOrderId} was approved after a halt`);
    }
    const heard = this.marketHeardAt;
    if (this.time.elapsed - this.clockSteppedAt < clockRest) return;
    if (heard === null || sentAt - heard > marketAgeMax) {
      this.violated('I11', `${clientOrderId} was approved without a price of the last five seconds`);
    }
  }

  private denied({ order, denial }: OrderDenied): void {
    const { clientOrderId } = order;
    if (!this.told(clientOrderId, { kind: 'denied', content: '', at: this.time.elapsed })) return;
    this.denials.set(denial.code, (this.denials.get(denial.code) ?? 0) + 1);
    if (this.closes.has(clientOrderId) && !closingCodes.has(denial.code)) {
      this.violated('I8', `the close ${clientOrderId} was denied: ${denial.code}`);
    }
  }

  /** True for the first. */
  private told(clientOrderId: ClientOrderId, verdict: Told): boolean {
    const first = this.verdicts.get(clientOrderId);
    if (first === undefined) {
      this.verdicts.set(clientOrderId, verdict);
      return true;
    }
    const isSame = first.kind === verdict.kind && first.content === verdict.content;
    if (!isSame) {
      const words = `${first.kind} ${first.content}, then ${verdict.kind} ${verdict.content}`;
      this.violated('I2', `${clientOrderId} has two verdicts: ${words}`);
    }
    return false;
  }
}
