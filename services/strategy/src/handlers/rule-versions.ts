import type { ConfiguredBarStrategy } from '@scalpstorm/strategies';
import { limitedLoops, ruleVersionInTurns } from '@scalpstorm/strategy-files';

const versionsMax = 1_000;

/** The versions of the rules of this process: each is worked out once, as the code of a rule stays what it is while a process runs. */
export class RuleVersions {
  private readonly known = new Map<string, Promise<string>>();
  /** What may be tried of each module, by its code: no more of them than this process has loaded. */
  private readonly limits = new Map<string, NonNullable<ConfiguredBarStrategy['within']>>();

  /** @throws StrategyLoops, whose `code` is `STRATEGY_LOOPS`; it is worked out again then */
  of(rule: ConfiguredBarStrategy): Promise<string> {
    const { id, parameters, code = null, file = null } = rule;
    const key = JSON.stringify([id, parameters, code, file]);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const version = ruleVersionInTurns(this.limited(rule));
    this.known.set(key, version);
    version.catch(() => this.known.delete(key));
    const [oldest] = this.known.keys();
    if (this.known.size > versionsMax && oldest !== undefined) this.known.delete(oldest);
    return version;
  }

  private limited(rule: ConfiguredBarStrategy): ConfiguredBarStrategy {
    const { code, within } = rule;
    if (code === undefined || within === undefined) return rule;
    const limited = this.limits.get(code) ?? limitedLoops(within);
    this.limits.set(code, limited);
    return { ...rule, within: limited };
  }
}
