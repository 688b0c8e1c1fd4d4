import { newMeta, outboxMessage } from '@scalpstorm/bus';
import { activityLogged } from '@scalpstorm/contracts';
import { type LimitLayer, type LimitsInForce, limitsInForce, type RiskLimits } from '@scalpstorm/engine';
import { type Activity, BotId, RiskScope, type ScopeMember } from '@scalpstorm/model';
import type { WallClock } from '@scalpstorm/observability';
import type { Lease, Outbox, Store } from '@scalpstorm/store';
import { fromTexts, type LimitTexts, toTexts } from '../domain/limit-texts.js';
import { type LimitChange, Limits, type ScopeLimits } from '../ports/limits.js';

/** So many combinations of scopes with limits are remembered; then they are found anew. */
const rememberedMax = 20_000;

interface LimitRow {
  readonly scope: string;
  readonly version: number;
  readonly limits: LimitTexts;
}

interface Place {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly clock: WallClock;
  readonly lease: Pick<Lease, 'prove'>;
}

/** Limits in the schema of risk-gate. Each change proves the lease. */
export class PostgresLimits extends Limits {
  private readonly scopes = new Map<string, ScopeLimits>();
  private readonly found = new Map<string, LimitsInForce>();
  private readonly settingsOnly: LimitsInForce;
  /** One change after the other: each is made to what the one before left. */
  private last: Promise<unknown> = Promise.resolve();
  /** A change failed, and nobody can say whether it was committed: Postgres is asked before the next one. */
  private inDoubt = false;

  constructor(
    private readonly settings: RiskLimits,
    private readonly place: Place,
  ) {
    super();
    this.settingsOnly = limitsInForce(settings, []);
  }

  async load(): Promise<void> {
    const rows = await this.place.store.sql<LimitRow[]>`select scope, version, limits from limits`;
    for (const { scope: text, version, limits } of rows) {
      const scope = RiskScope.parse(text);
      if (scope !== null) this.keep({ scope, version, limits: fromTexts(limits, this.settings) });
    }
  }

  of(order: ScopeMember): LimitsInForce {
    return this.scopes.size === 0 ? this.settingsOnly : this.within(RiskScope.all(order));
  }

  within(scopes: readonly RiskScope[]): LimitsInForce {
    const layers: LimitLayer[] = [];
    let key = '';
    for (const scope of scopes) {
      const layer = this.scopes.get(RiskScope.format(scope));
      if (layer === undefined) continue;
      layers.push(layer);
      key += `${RiskScope.format(scope)} `;
    }
    if (layers.length === 0) return this.settingsOnly;
    const known = this.found.get(key);
    if (known !== undefined) return known;
    const found = limitsInForce(this.settings, layers);
    if (this.found.size >= rememberedMax) this.found.clear();
    this.found.set(key, found);
    return found;
  }

  own(scope: RiskScope): ScopeLimits {
    return this.scopes.get(RiskScope.format(scope)) ?? { scope, version: 0, limits: {} };
  }

  set(change: LimitChange): Promise<ScopeLimits | null> {
    const changed = this.last.then(() => this.change(change));
    this.last = changed.catch(() => undefined);
    return changed;
  }

  private async change(change: LimitChange): Promise<ScopeLimits | null> {
    const { scope, limits, expectedVersion } = change;
    if (this.inDoubt) await this.load();
    this.inDoubt = false;
    const before = this.own(scope);
    if (expectedVersion !== before.version) return null;
    const after = { scope, limits, version: before.version + 1 };
    try {
      await this.write(change, before, after);
    } catch (error) {
      this.inDoubt = true;
      // At once where it can be: what is tighter now must bind.
      await this.load().then(
        () => {
          this.inDoubt = false;
        },
        () => undefined,
      );
      throw error;
    }
    this.keep(after);
    return after;
  }

  private async write({ by, text, ownerId }: LimitChange, before: ScopeLimits, after: ScopeLimits): Promise<void> {
    const { store, outbox, clock, lease } = this.place;
    const now = clock.now();
    const scope = RiskScope.format(after.scope);
    const [was, is] = [toTexts(before.limits), toTexts(after.limits)];
    const activity: Activity = {
      level: 'INFO',
      code: 'LIMITS_CHANGED',
      text: `Limits of ${scope} were changed by ${by}${text === '' ? '' : `: ${text}`}.`,
      userId: ownerId,
      botId: after.scope.kind === 'bot' && BotId.is(after.scope.id) ? after.scope.id : null,
      data: { scope, version: after.version, before: was, after: is, by },
    };
    await store.transaction(async (tx) => {
      await lease.prove(tx);
      await tx`insert into limits (scope, version, limits, changed_by, changed_at_us)
        values (${scope}, ${after.version}, ${tx.json(is)}, ${by}, ${now})
        on conflict (scope) do update set version = excluded.version, limits = excluded.limits,
          changed_by = excluded.changed_by, changed_at_us = excluded.changed_at_us`;
      await tx`insert into limit_changes (scope, version, before_limits, after_limits, text, changed_by, changed_at_us)
        values (${scope}, ${after.version}, ${tx.json(was)}, ${tx.json(is)}, ${text}, ${by}, ${now})`;
      await outbox.add(tx, [outboxMessage(activityLogged, { meta: newMeta(clock, null), activity })]);
    });
    outbox.wake();
  }

  private keep(limits: ScopeLimits): void {
    this.scopes.set(RiskScope.format(limits.scope), limits);
    this.found.clear();
  }
}
