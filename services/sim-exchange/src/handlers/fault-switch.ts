import { type Rng, seededRng } from '@scalpstorm/kernel';
import {
  banned,
  type FaultAnswer,
  htmlPage,
  rateLimited,
  serverError,
  subscriptionRefused,
  unknownOutcome,
} from './fault-answer.js';
import {
  type FaultEffect,
  type FaultRule,
  isEventInScope,
  isRequestInScope,
  isSocketInScope,
  isStaleRead,
  type RequestCall,
  type SocketScope,
} from './fault-rule.js';

const rulesMax = 100;

/** How a request ends that a fault hit. */
export interface FaultEnding {
  /** Is it carried out, and how long after everything else? */
  readonly executes: boolean;
  readonly executesAfterMs: number;
  /** `cut`: the connection goes; `silence`: it stays, and nothing comes. */
  readonly answer: 'cut' | 'silence' | FaultAnswer;
}

export interface RequestPlan {
  /** Before the request is looked at, as on a slow network. */
  readonly delayMs: number;
  /** Null: as the venue ends it. */
  readonly ending: FaultEnding | null;
  /** The answer is as old as this; 0 for one of now. */
  readonly staleMs: number;
}

/** What happens to one event on its way to one socket. */
export interface EventPlan {
  readonly copies: number;
  /** Events wait until `window` of them are there or `holdMs` have passed, and leave in an order that `rng` gives. */
  readonly reorder: { readonly window: number; readonly holdMs: number; readonly rng: Rng } | null;
}

/** A fault as `GET /sim/faults` lists it. */
export interface ListedFault {
  readonly id: number;
  readonly rule: FaultRule;
  /** How many more hits; null without a bound. */
  readonly left: number | null;
  readonly hits: number;
  readonly endsInMs: number | null;
}

interface ActiveFault {
  readonly id: number;
  readonly rule: FaultRule;
  readonly rng: Rng;
  readonly endsAt: number | null;
  left: number | null;
  hits: number;
}

/** Faults that a test asks for. Off unless the service was started with `--admin`. */
export class FaultSwitch {
  private readonly active = new Map<number, ActiveFault>();
  private lastId = 0;
  private onAdded: (rule: FaultRule) => void = () => {};

  /** `now` is the true time, which no clock skew moves. */
  constructor(private readonly now: () => number = Date.now) {}

  /** Who must act at once on a new fault. */
  follow(onAdded: (rule: FaultRule) => void): void {
    this.onAdded = onAdded;
  }

  /** Null when there are too many already. */
  add(rule: FaultRule): ListedFault | null {
    this.prune();
    if (this.active.size >= rulesMax) return null;
    this.lastId += 1;
    const fault: ActiveFault = {
      id: this.lastId,
      rule,
      rng: seededRng(rule.seed),
      endsAt: rule.durationMs === null ? null : this.now() + rule.durationMs,
      left: rule.count,
      hits: 0,
    };
    this.active.set(fault.id, fault);
    this.onAdded(rule);
    // Cutting without a bound is one cut through all that is open now, not a door that stays shut.
    if (rule.effect.kind === 'cut-socket' && fault.left === null && fault.endsAt === null) this.active.delete(fault.id);
    return this.listed(fault);
  }

  list(): readonly ListedFault[] {
    this.prune();
    return [...this.active.values()].map((fault) => this.listed(fault));
  }

  clear(): void {
    this.active.clear();
  }

  remove(id: number): boolean {
    return this.active.delete(id);
  }

  /** What shall become of the request that has just arrived; null when nothing hits it. Counts off what does. */
  plan(call: RequestCall): RequestPlan | null {
    if (this.active.size === 0) return null;
    let delayMs = 0;
    let staleMs = 0;
    let ending: FaultEnding | null = null;
    for (const fault of this.matching((rule) => canHit(rule, call))) {
      const { effect } = fault.rule;
      // The first ending stands; only delays add up.
      if ((isEndingEffect(effect) && ending !== null) || !this.hits(fault)) continue;
      if (effect.kind === 'latency') delayMs += effect.delayMs + fault.rng.below(effect.spreadMs + 1);
      if (effect.kind === 'stale-read') staleMs = Math.max(staleMs, effect.ageMs);
      if (isEndingEffect(effect)) ending = endingOf(effect, this.now());
    }
    return delayMs === 0 && ending === null && staleMs === 0 ? null : { delayMs, ending, staleMs };
  }

  /** What a subscription to one of these streams is answered instead; null when it may pass. */
  subscriptionRefusal(socket: SocketScope, streams: readonly string[]): FaultAnswer | null {
    if (this.active.size === 0) return null;
    const [fault] = this.matching(
      ({ effect, scope }) =>
        effect.kind === 'refuse-subscription' && streams.some((stream) => isEventInScope(scope, socket, stream)),
    );
    if (fault === undefined || fault.rule.effect.kind !== 'refuse-subscription' || !this.hits(fault)) return null;
    return subscriptionRefused(fault.rule.effect);
  }

  isSilent(socket: SocketScope): boolean {
    if (this.active.size === 0) return false;
    return (
      this.matching(({ effect, scope }) => effect.kind === 'silent-socket' && isSocketInScope(scope, socket)).length > 0
    );
  }

  /** With which code the socket must be closed now; null when it may live. */
  cutCode(socket: SocketScope): number | null {
    if (this.active.size === 0) return null;
    const [fault] = this.matching(
      ({ effect, scope }) => effect.kind === 'cut-socket' && isSocketInScope(scope, socket),
    );
    if (fault === undefined || fault.rule.effect.kind !== 'cut-socket' || !this.hits(fault)) return null;
    return fault.rule.effect.closeCode;
  }

  eventPlan(socket: SocketScope, stream: string): EventPlan | null {
    if (this.active.size === 0) return null;
    let copies = 0;
    let reorder: EventPlan['reorder'] = null;
    const faults = this.matching(
      ({ effect, scope }) =>
        (effect.kind === 'duplicate' || effect.kind === 'reorder') && isEventInScope(scope, socket, stream),
    );
    for (const fault of faults) {
      const { effect } = fault.rule;
      if ((effect.kind === 'reorder' && reorder !== null) || !this.hits(fault)) continue;
      if (effect.kind === 'duplicate') copies += effect.copies;
      if (effect.kind === 'reorder') reorder = { ...effect, rng: fault.rng };
    }
    return copies === 0 && reorder === null ? null : { copies, reorder };
  }

  /** How far the clock of the venue is off. */
  get skewMs(): number {
    if (this.active.size === 0) return 0;
    return this.matching(({ effect }) => effect.kind === 'clock-skew').reduce(
      (sum, { rule }) => sum + (rule.effect.kind === 'clock-skew' ? rule.effect.offsetMs : 0),
      0,
    );
  }

  private matching(isIt: (rule: FaultRule) => boolean): readonly ActiveFault[] {
    this.prune();
    return [...this.active.values()].filter((fault) => isIt(fault.rule));
  }

  /** Draws, counts and, at the last hit, takes the fault away. */
  private hits(fault: ActiveFault): boolean {
    if (fault.rule.probability < 1 && fault.rng.next() >= fault.rule.probability) return false;
    fault.hits += 1;
    if (fault.left === null) return true;
    fault.left -= 1;
    if (fault.left === 0) this.active.delete(fault.id);
    return true;
  }

  private prune(): void {
    const time = this.now();
    for (const { id, endsAt } of this.active.values()) if (endsAt !== null && endsAt <= time) this.active.delete(id);
  }

  private listed({ id, rule, left, hits, endsAt }: ActiveFault): ListedFault {
    return { id, rule, left, hits, endsInMs: endsAt === null ? null : endsAt - this.now() };
  }
}

type EndingEffect = Extract<
  FaultEffect,
  { readonly kind: 'drop-answer' | 'late-placement' | 'rate-limit' | 'ban' | 'server-error' | 'html' }
>;

const endingKinds: ReadonlySet<FaultEffect['kind']> = new Set<EndingEffect['kind']>([
  'drop-answer',
  'late-placement',
  'rate-limit',
  'ban',
  'server-error',
  'html',
]);
const isEndingEffect = (effect: FaultEffect): effect is EndingEffect => endingKinds.has(effect.kind);

function canHit({ effect, scope }: FaultRule, call: RequestCall): boolean {
  // A page comes from a proxy, and there is none behind the handshake of a websocket.
  if (effect.kind === 'html' && call.door !== 'rest') return false;
  if (effect.kind === 'stale-read' && !isStaleRead(call)) return false;
  const hitsRequests = effect.kind === 'latency' || effect.kind === 'stale-read' || isEndingEffect(effect);
  return hitsRequests && isRequestInScope(scope, call);
}

function endingOf(effect: EndingEffect, now: number): FaultEnding {
  const refused = (answer: FaultAnswer): FaultEnding => ({ executes: false, executesAfterMs: 0, answer });
  const done = (answer: FaultEnding['answer']): FaultEnding => ({ executes: true, executesAfterMs: 0, answer });
  switch (effect.kind) {
    case 'drop-answer':
      return done(effect.as === 'cut' || effect.as === 'silence' ? effect.as : unknownOutcome[effect.as]);
    case 'late-placement':
      return { executes: true, executesAfterMs: effect.delayMs, answer: 'cut' };
    case 'rate-limit':
      return refused(rateLimited(effect));
    case 'ban':
      return refused(banned(effect, now));
    case 'server-error':
      return { ...refused(serverError(effect)), executes: effect.executed };
    case 'html':
      return { ...refused(htmlPage(effect)), executes: effect.executed };
  }
}
