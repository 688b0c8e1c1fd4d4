import type { UserId } from '@scalpstorm/model';
import type { ConfiguredBarStrategy } from '@scalpstorm/strategies';
import { limitedLoops, ruleVersionInTurns } from '@scalpstorm/strategy-files';

const versionsMax = 1_000;
const limitsMax = 1_000;

/** The versions of the rules of this process: each is worked out once, as the code of a rule stays what it is while a process runs. */
export class RuleVersions {
  private readonly known = new Map<string, Promise<string>>();
  /** What may be tried of each module for each user. */
  private readonly limits = new Map<string, NonNullable<ConfiguredBarStrategy['within']>>();

  /**
   * @param userId who wants to know: what does not end for one user is tried for others
   * @throws StrategyLoops, whose `code` is `STRATEGY_LOOPS`; it is worked out again then
   */
  of(rule: ConfiguredBarStrategy, userId: UserId): Promise<string> {
    const { id, parameters, code = null, file = null } = rule;
    const key = JSON.stringify([id, parameters, code, file]);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const version = ruleVersionInTurns(this.limited(rule, userId));
    this.known.set(key, version);
    version.catch(() => this.known.delete(key));
    dropOldest(this.known, versionsMax);
    return version;
  }

  private limited(rule: ConfiguredBarStrategy, userId: UserId): ConfiguredBarStrategy {
    const { code, within } = rule;
    if (code === undefined || within === undefined) return rule;
    const key = `${code} ${userId}`;
    const limited = this.limits.get(key) ?? limitedLoops(within);
    this.limits.set(key, limited);
    dropOldest(this.limits, limitsMax);
    return { ...rule, within: limited };
  }
}

function dropOldest(kept: Map<string, unknown>, sizeMax: number): void {
  const [oldest] = kept.keys();
  if (kept.size > sizeMax && oldest !== undefined) kept.delete(oldest);
}
