import { assert, type Brand } from '@scalpstorm/kernel';
import { ClientOrderId } from './ids.js';
import type { OrderType, Purpose, TimeInForce } from './order.js';
import type { Trigger, TriggerSource } from './order-terms.js';
import type { Price } from './price.js';
import type { Quantity } from './quantity.js';
import type { Side } from './side.js';

/** Orders that belong together: `plan_` and twelve letters and digits. */
export type PlanId = Brand<string, 'PlanId'>;

/**
 * - `oco`: a stop and a target for what is held; the one that comes first ends the other
 * - `bracket`: an entry, and a stop (and a target) for what of it is filled
 * - `twap`: equal slices, one an interval
 * - `iceberg`: a large order of which others see a part at a time
 * - `flatten`: closes at the market what is held; only a halt of that level makes one
 */
export const planKinds = ['oco', 'bracket', 'twap', 'iceberg', 'flatten'] as const;
export type PlanKind = (typeof planKinds)[number];

/** `protecting`: something is held, and its stop is placed or on its way. The last three are the end. */
export const planStatuses = ['planned', 'working', 'protecting', 'done', 'canceled', 'failed'] as const;
export type PlanStatus = (typeof planStatuses)[number];
export const isPlanOver = (status: PlanStatus): boolean =>
  status === 'done' || status === 'canceled' || status === 'failed';

/** What a child is for. `exit`: at the market, because the stop's price was passed before it could be placed, or to be flat. */
export const planLegs = ['entry', 'stop', 'target', 'exit', 'slice'] as const;
export type PlanLeg = (typeof planLegs)[number];

/** The order that protects: it rests at the venue where that can hold it. */
export interface PlanStop {
  readonly trigger: Trigger;
  /** Null: at the market when the trigger is reached. */
  readonly price: Price | null;
}

/** Where a profit is taken. It is watched here, and sent when its price is reached: `limit` takes that price or better. */
export interface PlanTarget {
  readonly price: Price;
  readonly source: TriggerSource;
  readonly type: OrderType;
}

export interface PlanEntry {
  readonly type: OrderType;
  /** Null for a market order. */
  readonly price: Price | null;
  readonly timeInForce: TimeInForce;
  readonly trigger: Trigger | null;
}

/** What somebody plans. `side` is that of the first order: of an OCO the side of both its legs. */
export type PlanTerms = { readonly side: Side; readonly quantity: Quantity } & (
  | { readonly kind: 'oco'; readonly purpose: Purpose; readonly stop: PlanStop; readonly target: PlanTarget }
  | {
      readonly kind: 'bracket';
      readonly entry: PlanEntry;
      readonly stop: PlanStop;
      /** Null: only a stop. */
      readonly target: PlanTarget | null;
    }
  | {
      readonly kind: 'twap';
      readonly purpose: Purpose;
      readonly slices: number;
      readonly intervalSeconds: number;
      /** Null: at the market. */
      readonly price: Price | null;
    }
  | { readonly kind: 'iceberg'; readonly purpose: Purpose; readonly price: Price; readonly show: Quantity }
  | { readonly kind: 'flatten'; readonly purpose: 'close' }
);

/** Wider than anybody needs, so that what is mistyped is found. */
export const twapBounds = { slicesMin: 2, slicesMax: 500, intervalSecondsMin: 1, intervalSecondsMax: 86_400 } as const;

const planIdPattern = /^plan_[0-9a-z]{12}$/;
const childPattern = /^p([0-9a-z]{12})([NSTXL])([0-9a-z]{4})$/;
const legLetters: Readonly<Record<PlanLeg, string>> = { entry: 'N', stop: 'S', target: 'T', exit: 'X', slice: 'L' };
const attemptDigits = 4;

/** What a child is for. Its client order id is this, spelled out, and nothing else. */
export interface PlanSlot {
  readonly planId: PlanId;
  readonly leg: PlanLeg;
  /** Counts from 0; a new attempt is a new order. */
  readonly attempt: number;
}

export const PlanId = {
  is: (text: string): text is PlanId => planIdPattern.test(text),
  of(text: string): PlanId {
    assert(planIdPattern.test(text), `not a plan id: ${text}`);
    return text as PlanId;
  },
  /** 18 characters, as every venue takes them. */
  childOf({ planId, leg, attempt }: PlanSlot): ClientOrderId {
    const digits = attempt.toString(36).padStart(attemptDigits, '0');
    assert(digits.length === attemptDigits, `attempt out of range: ${attempt}`);
    return ClientOrderId.of(`p${planId.slice('plan_'.length)}${legLetters[leg]}${digits}`);
  },
  /** Null for an order that is not a plan's. */
  slotOf(clientOrderId: string): PlanSlot | null {
    const [, plan, letter, attempt] = childPattern.exec(clientOrderId) ?? [];
    const leg = planLegs.find((one) => legLetters[one] === letter);
    if (plan === undefined || attempt === undefined || leg === undefined) return null;
    return { planId: PlanId.of(`plan_${plan}`), leg, attempt: Number.parseInt(attempt, 36) };
  },
} as const;
