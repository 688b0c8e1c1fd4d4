import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome, poison, retry } from '@scalpstorm/bus';
import { type OrderApproved, orderApproved } from '@scalpstorm/contracts';
import { millisecond, Timestamp } from '@scalpstorm/kernel';
import type { Order, OrderEvent } from '@scalpstorm/model';
import { Log, Metrics, stopOnBrokenInvariant, WallClock } from '@scalpstorm/observability';
import { exceedsPosition } from '../domain/held.js';
import { heldForm } from '../domain/held-form.js';
import { Ledger } from '../ports/ledger.js';
import { TradingHalts, type TradingWord } from '../ports/trading-halts.js';
import { Venues } from '../ports/venues.js';
import { AccountStates, complaintOf } from './account-states.js';
import { AdoptOrders } from './adopt-orders.js';
import { OrderMetrics, type RefusalCode } from './order-metrics.js';
import { PlaceOrder } from './place-order.js';

const waitMsMax = 250;

/**
 * An approval in; the order's SENDING mark is committed, then the request leaves. Redelivery finds the order known and
 * sends nothing: what became of a mark without an answer is for `ResolveUnknown`, and the end of an order that was kept back after
 * its mark is stored then if it could not be before. While its account recovers or has no connection an approval
 * waits, at most until it expires; while its account is held, or its user's trading is halted, the order is denied and says why.
 * The halt is asked about once more right before the request leaves: it may have waited for the budget of the venue.
 */
@Controller()
export class OrderApprovedHandler {
  private readonly figures: OrderMetrics;

  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly placeOrder: PlaceOrder,
    private readonly states: AccountStates,
    private readonly halts: TradingHalts,
    private readonly adoptOrders: AdoptOrders,
    private readonly clock: WallClock,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.figures = new OrderMetrics(metrics);
  }

  @Hears(orderApproved, { keyOf: (event) => event.order.clientOrderId })
  async handle(event: OrderApproved): Promise<Outcome> {
    const { order: request, expiresAt } = event;
    const venue = this.venues.venueOf(request.accountId);
    if (!this.ledger.isOpen(request.accountId)) return poison(`account ${request.accountId} is not configured here`);
    if (this.placeOrder.isWithheld(request.clientOrderId)) {
      await this.placeOrder.endWithheld(request.clientOrderId);
      return done;
    }
    const objection = this.objection(event);
    if (objection !== null) return this.end(event, { kind: objection.ends, reason: objection.reason });
    const state = this.states.of(request.accountId);
    if (venue === null || state.kind === 'recovering') {
      const rest = Math.ceil((expiresAt - this.clock.now()) / millisecond) + 1;
      const why = venue === null ? 'without a connection' : complaintOf(state);
      return retry(`account ${request.accountId} is ${why}`, Math.min(rest, waitMsMax));
    }
    if (!this.states.mayPlace(request.accountId, request.purpose)) {
      const text = `account ${request.accountId} ${complaintOf(state)}`;
      return this.end(event, { kind: 'denied', reason: { code: 'ACCOUNT_NOT_RECONCILED', text } });
    }
    const form = heldForm(request, venue);
    if (form.kind === 'not-held') {
      const text = `${venue.venue} can not hold such an order (${form.lack}), and nobody else does; nothing was sent`;
      return this.end(event, { kind: 'denied', reason: { code: 'NOT_HELD_BY_VENUE', text } });
    }
    // Durable, and nothing leaves: `WatchTriggers` finds it in the books.
    if (form.waits) {
      const { tracked, fresh } = await this.admit(event, { kind: 'emulated' });
      if (fresh) this.countExceeding(tracked.order);
      return done;
    }
    return this.send(event, Timestamp.plus(venue.venueTime(), this.venues.requestLifeMs * millisecond));
  }

  private async send(event: OrderApproved, requestExpiresAt: Timestamp): Promise<Outcome> {
    const { tracked, fresh } = await this.admit(event, { kind: 'sending', attempt: 1, expiresAt: requestExpiresAt });
    // A cancel that came first has ended it, or it closes what another one closes already.
    if (fresh) this.countExceeding(tracked.order);
    if (!fresh || tracked.order.status !== 'sending') return done;
    this.figures.marked(event.meta.recordedAt, this.clock.now());
    const objection = this.objection(event);
    if (objection === null) {
      // Not awaited: the mark is durable, so the message is done, and a slow venue must not hold up the next order.
      const heldBack = () => this.haltOf(event);
      this.placeOrder.place(tracked, event.meta.eventId, { heldBack }).catch((error) => {
        stopOnBrokenInvariant(error);
        const { clientOrderId } = event.order;
        this.log.error({ clientOrderId, error }, 'the answer to an order could not be stored');
      });
      return done;
    }
    this.figures.refused(objection.reason.code);
    // The commit took long, or a halt came meanwhile. Nothing has left, and nothing will, also when this can not be stored now.
    await this.placeOrder.withhold({
      clientOrderId: event.order.clientOrderId,
      events: [{ kind: 'expired', reason: objection.reason }],
      occurredAt: this.clock.now(),
      causedBy: event.meta.eventId,
    });
    return done;
  }

  /** Why an approval no longer counts; asked before its mark is committed, and again before the request leaves. */
  private objection(event: OrderApproved): Objection | null {
    if (this.clock.now() > event.expiresAt) return approvalExpired;
    if (this.adoptOrders.isOver(event.order.clientOrderId)) return cycleIsOver;
    if (this.adoptOrders.isOfPlanBehind(event.order.clientOrderId)) return planIsBehind;
    const reason = this.haltOf(event);
    return reason === null ? null : { ends: 'denied', reason };
  }

  /** A halt is against new risk; what closes is never held back. */
  private haltOf({ order, meta }: OrderApproved): Refused | null {
    const word = order.purpose === 'open' ? this.halts.over(order, meta.recordedAt) : null;
    return word === null ? null : heldBack(word);
  }

  private countExceeding({ reason }: Order): void {
    if (reason?.code === exceedsPosition.code) this.figures.refused(exceedsPosition.code);
  }

  private async end(event: OrderApproved, ending: Ending): Promise<Outcome> {
    const { fresh } = await this.admit(event, ending);
    if (fresh) this.figures.refused(ending.reason.code);
    return done;
  }

  private admit({ order, meta }: OrderApproved, event: OrderEvent) {
    const { clientOrderId } = order;
    const cause = { occurredAt: meta.occurredAt, causedBy: meta.eventId };
    const onlyHeld = order.purpose === 'close' && (event.kind === 'sending' || event.kind === 'emulated');
    return this.ledger.admit(order, { clientOrderId, events: [event], onlyHeld, ...cause });
  }
}

interface Refused {
  readonly code: RefusalCode;
  readonly text: string;
}

type Ending = Extract<OrderEvent, { kind: 'denied' | 'expired' }> & { readonly reason: Refused };

interface Objection {
  readonly ends: 'denied' | 'expired';
  readonly reason: Refused;
}

function heldBack({ state, scope, text: why }: TradingWord): Refused {
  const [code, what] =
    state === 'halted' ? (['TRADING_HALTED', 'halted'] as const) : (['TRADING_REDUCING', 'held to reducing'] as const);
  const whose = scope.kind === 'platform' ? 'the whole platform' : `the ${scope.kind} ${scope.id}`;
  const text = `trading of ${whose} was ${what} after the gate had approved; nothing was sent`;
  return { code, text: why === '' ? text : `${text}: ${why}` };
}

const approvalExpired: Objection = {
  ends: 'expired',
  reason: { code: 'APPROVAL_EXPIRED', text: 'the approval was too old when it could be acted on; nothing was sent' },
};

const cycleIsOver: Objection = {
  ends: 'denied',
  reason: { code: 'CYCLE_IS_OVER', text: 'the venue has orders of a later cycle of this bot; nothing was sent' },
};

const planIsBehind: Objection = {
  ends: 'denied',
  reason: {
    code: 'PLAN_BEHIND_VENUE',
    text: 'the venue has orders of this plan that the books do not know, and may have this one, too; nothing was sent',
  },
};
