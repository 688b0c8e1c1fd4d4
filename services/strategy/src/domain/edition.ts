import type { BotAnswer, BotCommand } from '@scalpstorm/contracts';
import type { Bot, BotConfig } from '@scalpstorm/model';
import { refused } from './bot-name.js';

export type EditCommand = Extract<BotCommand, { kind: 'edit' }>;

/** What the bot is to be. A merge is JSON merge patch (RFC 7396) of the first level: null removes a parameter. */
export function edition(before: BotConfig, { name, parameters, merge }: EditCommand): BotConfig {
  const whole = merge === true ? { ...before.parameters, ...parameters } : parameters;
  const kept =
    merge === true ? Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== null)) : parameters;
  return { ...before, name: name ?? before.name, parameters: kept };
}

/**
 * Whoever edits has not seen what the bot is now. A bot gets a new version with every fill; only a change of its name or
 * parameters outdates what was read.
 *
 * @param configuredAt version since which they are what they are; null when it is not known, and then every change counts
 */
export function isOutdated({ expectedVersion }: EditCommand, { version }: Bot, configuredAt: number | null): boolean {
  if (expectedVersion === undefined) return false;
  return expectedVersion < (configuredAt ?? version) || expectedVersion > version;
}

export function versionChanged({ config, version }: Bot): BotAnswer {
  const text = `${config.name} was changed since you read it; it has version ${version} now`;
  const next = 'Read the bot again, and make your change to what it is now.';
  return {
    ok: false,
    refusals: [refused('VERSION_CHANGED', text, next, { field: '/version', allowed: String(version) })],
  };
}
