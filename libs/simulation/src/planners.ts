import { isWeather } from '@scalpstorm/bus';
import { type Plan, startPlan } from '@scalpstorm/engine';
import { assert, millisecond } from '@scalpstorm/kernel';
import { isPlanOver, PlanId, type PlanTerms, Price, Quantity, type UserId } from '@scalpstorm/model';
import { theAccount, theInstrument, users } from './services/stage.js';
import type { World } from './world.js';

/** So little that no limit of bots or accounts is met by it. */
const quantity = Quantity.of('0.0012');
const slices = 6;
/** How far from the price of its beginning a bracket takes its loss and its profit; the price comes there soon. */
const bracketAway = 15n * 10n ** 12n;
/** Nobody waits longer for a price when nothing goes wrong any more. */
const waitsMax = 15_000;

/** People who have an order carried out in slices over some seconds, and sometimes want it no more. */
export class Planners {
  isOver = false;
  private count = 0;

  constructor(private readonly world: World) {}

  start(): void {
    this.later(3_000, () => this.plan());
    if (this.world.options.brackets) this.later(4_000, () => this.bracket());
  }

  private plan(): void {
    const { work } = this.world.randomness;
    if (this.isOver) return;
    this.later(2_000 + work.below(5_000), () => this.plan());
    // A little below the market a slice rests, and is taken back when the next one is due.
    const below = Price.fromUnits(this.world.price - BigInt(work.below(4_000)) * 10n ** 10n);
    const price = work.below(3) === 0 ? null : below;
    const terms = { kind: 'twap', side: 'buy', purpose: 'open', quantity, slices, intervalSeconds: 2, price } as const;
    const stop = this.begin(terms);
    if (work.below(4) === 0) this.later(work.below(5_000), stop);
  }

  /** An entry, a stop at the venue and a target that is watched: which of them comes first the market says. */
  private bracket(): void {
    const { work } = this.world.randomness;
    if (this.isOver) return;
    this.later(3_000 + work.below(6_000), () => this.bracket());
    const { price } = this.world;
    const below = Price.fromUnits(price - BigInt(work.below(2_000)) * 10n ** 10n);
    const entry =
      work.below(3) === 0
        ? ({ type: 'market', price: null, timeInForce: 'IOC', trigger: null } as const)
        : ({ type: 'limit', price: below, timeInForce: 'GTC', trigger: null } as const);
    const lower = { kind: 'stop', price: Price.fromUnits(price - bracketAway), source: 'last' } as const;
    const target = { price: Price.fromUnits(price + bracketAway), source: 'last', type: 'market' } as const;
    const terms = {
      kind: 'bracket',
      side: 'buy',
      quantity,
      entry,
      stop: { trigger: lower, price: null },
      target,
    } as const;
    const stop = this.begin(terms);
    if (work.below(6) === 0) this.later(work.below(8_000), stop);
    const late = () => (this.isOver ? this.later(waitsMax, stop) : this.later(1_000, late));
    late();
  }

  /** @returns who does not want it any more */
  private begin(terms: PlanTerms): () => void {
    const [userId] = users;
    assert(userId !== undefined, 'nobody is there');
    this.count += 1;
    const id = PlanId.of(`plan_${String(this.count).padStart(12, '0')}`);
    const { id: accountId, mode } = theAccount;
    const owner = { id, userId, accountId, mode, hidden: false };
    const plan = startPlan({ ...owner, terms, instrument: theInstrument }, this.world.time.now);
    this.insist(() => this.startPlan(plan));
    return () => this.insist(() => this.cancelPlan(userId, id));
  }

  private async startPlan(plan: Plan): Promise<void> {
    this.world.watch.plans.planned(plan);
    this.world.watch.brackets.planned(plan);
    await this.execution().plans.start(plan);
  }

  private async cancelPlan(userId: UserId, id: PlanId): Promise<void> {
    const service = this.execution();
    const stored = await service.stored.find(userId, id);
    if (stored !== null && !isPlanOver(stored.plan.status)) await service.plans.cancel(stored);
  }

  private execution() {
    const { execution } = this.world;
    if (execution === null) throw new Away();
    return execution.service;
  }

  /** Asked until it is answered, as the gateway does with the same key. */
  private insist(ask: () => Promise<void>): void {
    const { time } = this.world;
    let answered = false;
    const again = (): void => {
      if (answered) return;
      const process = this.world.execution?.process ?? null;
      time.after(700 * millisecond, null, again);
      time.after(millisecond, process, () => {
        const asked = ask().then(() => {
          answered = true;
        });
        asked.catch((cause: unknown) => {
          if (!(cause instanceof Away) && !isWeather(cause)) process?.die(cause);
        });
      });
    };
    again();
  }

  private later(ms: number, run: () => void): void {
    this.world.time.after(ms * millisecond, null, run);
  }
}

/** Nobody writes for the account at this moment. */
class Away extends Error {
  override readonly name = 'Away';
}
