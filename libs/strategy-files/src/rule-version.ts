import { createHash } from 'node:crypto';
import { type ConfiguredBarStrategy, versionText } from '@scalpstorm/strategies';

/** The version of a rule, which certificates are of: SHA-256 of what it is and does (`versionText`), hex. */
export const ruleVersion = (rule: ConfiguredBarStrategy): string =>
  createHash('sha256').update(versionText(rule)).digest('hex');
