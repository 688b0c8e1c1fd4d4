import { botOver, type Strategy, strategies } from '@scalpstorm/strategies';
import { codeHash, endAfter, stepMsMax, versionOf } from '@scalpstorm/strategy-files';
import { exitCodes, Failure } from '../failure.js';
import type { Environment } from '../profile-store.js';
import { findStrategy } from '../strategies/load-strategy.js';

/** What a bot runs, and the hash of the code that it is made of. */
export interface LiveStrategy {
  readonly strategy: Strategy;
  readonly codeHash: string;
}

/**
 * One of the platform by its id, or one over bars by its file, as its bot runs it.
 * @throws Failure
 */
export async function liveStrategy(text: string, environment: Environment): Promise<LiveStrategy> {
  const ofPlatform = strategies.get(text);
  if (ofPlatform !== undefined) return { strategy: ofPlatform, codeHash: codeHash() };
  const found = await findStrategy(text, environment, (work) => endAfter(stepMsMax, work));
  const bot = botOver(found.strategy);
  if (bot.ok) return { strategy: bot.value, codeHash: versionOf(found) };
  const { code, text: why, next } = bot.error;
  throw new Failure(code, `${text}: ${why}`, { exitCode: exitCodes.usage, next });
}
