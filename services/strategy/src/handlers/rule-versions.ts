import type { ConfiguredBarStrategy } from '@scalpstorm/strategies';
import { ruleVersionInTurns } from '@scalpstorm/strategy-files';

const versionsMax = 1_000;

/** The versions of the rules of this process: each is worked out once, as the code of a rule stays what it is while a process runs. */
export class RuleVersions {
  private readonly known = new Map<string, Promise<string>>();

  /** @throws StrategyLoops, whose `code` is `STRATEGY_LOOPS`; it is worked out again then */
  of(rule: ConfiguredBarStrategy): Promise<string> {
    const { id, parameters, code = null, file = null } = rule;
    const key = JSON.stringify([id, parameters, code, file]);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const version = ruleVersionInTurns(rule);
    this.known.set(key, version);
    version.catch(() => this.known.delete(key));
    const [oldest] = this.known.keys();
    if (this.known.size > versionsMax && oldest !== undefined) this.known.delete(oldest);
    return version;
  }
}
