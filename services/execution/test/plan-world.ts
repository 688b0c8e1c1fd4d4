import type { Plan } from '@scalpstorm/engine';
import type { Activity, OrderRequest, PlanId } from '@scalpstorm/model';
import { FakeClock } from '@scalpstorm/testkit';
import type { VenueFill, VenueOrderView } from '@scalpstorm/venue-api';
import { planFromText } from '../src/domain/plan-body.js';
import type { TradingWord } from '../src/ports/trading-halts.js';
import { MemoryStorage } from './memory-ledger.js';

/** Where a process may die: it stands still for ever from the point that is named. */
export class Mortal {
  points = 0;
  dead = false;
  private readonly end = Promise.withResolvers<void>();
  /** Resolves when it has died. */
  readonly death = this.end.promise;

  constructor(private readonly diesAt = Number.POSITIVE_INFINITY) {}

  async point(): Promise<void> {
    if (this.dead || this.points === this.diesAt) {
      this.dead = true;
      this.end.resolve();
      await new Promise(() => undefined);
    }
    this.points += 1;
  }
}

interface Ask {
  readonly request: OrderRequest;
  readonly ask: number;
}

/** What survives every death: the database, the stream of questions, the gate's verdicts, and the venue. */
export class PlanWorld {
  readonly orders = new MemoryStorage();
  readonly plans = new Map<PlanId, { readonly text: string; readonly version: number }>();
  /** Plans that are kept no more. */
  readonly forgotten = new Set<PlanId>();
  readonly asked: Ask[] = [];
  /** What users were told. */
  readonly told: Activity[] = [];
  readonly heard = new Set<Ask>();
  readonly venueOrders = new Map<string, VenueOrderView>();
  readonly venueFills: VenueFill[] = [];
  /** Orders that reached the venue, however often. */
  readonly arrivals: string[] = [];
  /** Those among them that the venue had already. */
  readonly twice: string[] = [];
  /** Writes that the database has refused because of what it had. */
  readonly broken: string[] = [];
  /** What was told of trading, as execution keeps it. */
  readonly words: TradingWord[] = [];
  readonly clock = new FakeClock();
  /** Codes with which the gate refuses the next ones of a leg. */
  readonly denials = new Map<string, string[]>();
  price = '100';

  /** What was sold, less what was bought: below zero while something is held. */
  get net(): bigint {
    return this.venueFills.reduce((sum, { side, quantity }) => sum + (side === 'buy' ? -quantity : quantity), 0n);
  }

  /** The same venue with the database and the questions as they are now: what is restored from a back-up of this moment. */
  backedUp(): () => PlanWorld {
    const orders = [...this.orders.orders];
    const commits = [...this.orders.commits];
    const plans = [...this.plans];
    return () => {
      const world = new PlanWorld();
      for (const [id, order] of orders) world.orders.orders.set(id, order);
      world.orders.commits.push(...commits);
      for (const [id, plan] of plans) world.plans.set(id, plan);
      for (const [id, view] of this.venueOrders) world.venueOrders.set(id, view);
      world.venueFills.push(...this.venueFills);
      world.arrivals.push(...this.arrivals);
      world.clock.advance(this.clock.now() - world.clock.now());
      return world;
    };
  }

  get plan(): Plan {
    const [stored] = this.plans.values();
    if (stored === undefined) throw new Error('no plan');
    return planFromText(stored.text);
  }

  restingOf(side: 'buy' | 'sell'): readonly VenueOrderView[] {
    return [...this.venueOrders.values()].filter((view) => isWorking(view) && view.side === side);
  }
}

export const isWorking = ({ status }: VenueOrderView): boolean => status === 'open' || status === 'partially-filled';
