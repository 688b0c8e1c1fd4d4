import { type Bus, newMeta, type ReadBack, type Sent } from '@scalpstorm/bus';
import { type Meta, type OrderApproved, type OrderDenied, orderApproved, orderDenied } from '@scalpstorm/contracts';
import type { EventId, OrderRequest } from '@scalpstorm/model';
import type { WallClock } from '@scalpstorm/observability';
import type { Given, Verdict } from '../ports/verdicts.js';

/** What of a verdict is no part of it. */
export interface Envelope {
  readonly causedBy: EventId;
  readonly messageId: string;
}

/** The stream of verdicts. Of a message id it keeps the first, and whoever was second is told which that was. */
export class VerdictStream {
  constructor(
    private readonly bus: Bus,
    private readonly readBack: ReadBack,
    private readonly clock: WallClock,
  ) {}

  /**
   * Resolves with what the stream has under this message id: the verdict itself, or another one that was there before it. An answer
   * that was lost leaves nobody sure whose the first one is, so it is read and not guessed. Null: it is not in the stream any more.
   */
  async tell(order: OrderRequest, verdict: Verdict, { causedBy, messageId }: Envelope): Promise<Given | null> {
    const meta = newMeta(this.clock, causedBy);
    const { duplicate, first } = await this.send(order, verdict, { meta, messageId });
    const ours = { verdict, toldAt: this.clock.now() };
    if (!duplicate) return ours;
    const told = first === undefined ? null : await this.told(first);
    return told?.meta.eventId === meta.eventId ? ours : told && givenOf(told);
  }

  /** Says what was said before to somebody who has not heard it; the stream may have it already. */
  async repeat(order: OrderRequest, verdict: Verdict, { causedBy, messageId }: Envelope): Promise<void> {
    await this.send(order, verdict, { meta: newMeta(this.clock, causedBy), messageId });
  }

  private send(order: OrderRequest, verdict: Verdict, { meta, messageId }: Stamp): Promise<Sent> {
    return verdict.kind === 'approved'
      ? this.bus.send(orderApproved, { meta, order, expiresAt: verdict.expiresAt }, messageId)
      : this.bus.send(orderDenied, { meta, order, denial: verdict.denial }, messageId);
  }

  private async told(sequence: number): Promise<OrderApproved | OrderDenied | null> {
    const kept = await this.readBack.at('VERDICTS', sequence);
    if (kept === null) return null;
    const isApproval = kept.subject.startsWith(approvals);
    return isApproval ? orderApproved.decode(kept.payload) : orderDenied.decode(kept.payload);
  }
}

interface Stamp {
  readonly meta: Meta;
  readonly messageId: string;
}

const [approvals = ''] = orderApproved.subject.split('{');

function givenOf(told: OrderApproved | OrderDenied): Given {
  const toldAt = told.meta.recordedAt;
  if ('denial' in told) return { verdict: { kind: 'denied', denial: told.denial }, toldAt };
  return { verdict: { kind: 'approved', expiresAt: told.expiresAt }, toldAt };
}
