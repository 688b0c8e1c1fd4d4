import { Injectable } from '@nestjs/common';
import type { Refusal } from '@scalpstorm/contracts';
import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import type { BotConfig, UserId } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import type { ConfiguredStrategy } from '@scalpstorm/strategies';
import { StrategyLoops } from '@scalpstorm/strategy-files';
import { refused } from '../domain/bot-name.js';
import { Certificates, type KeptCertificate } from '../ports/certificates.js';
import { RuleVersions } from './rule-versions.js';

const day: Micros = 86_400 * second;

type Rule = NonNullable<ConfiguredStrategy['rule']>;

export abstract class CertificateSettings {
  /** An older certificate does not let a bot start. */
  abstract readonly daysMax: number;
}

/** `version`: of its rule; null: nobody is asked for one. `passing`: nobody has to do anything but to ask again later. */
export type LiveVerdict =
  | { readonly ok: true; readonly version: string | null }
  | { readonly ok: false; readonly refusal: Refusal; readonly passing: boolean };

/** As a runnable bot has it. */
export const certifiedBy = ({ version }: Extract<LiveVerdict, { ok: true }>): { readonly certified?: string } =>
  version === null ? {} : { certified: version };

/** What a bot is to be, and whose it is. */
export interface Wanted {
  readonly userId: UserId;
  readonly config: BotConfig;
  readonly configured: ConfiguredStrategy;
}

/**
 * A rule that decides over bars trades real money only when the platform has examined this very version of it, not long ago. Nobody else
 * is asked: demo and paper are where rules are tried, and of what places its orders itself not every one can have a certificate
 * (docs/certificate.md). Nothing that ends or closes comes here.
 */
@Injectable()
export class AskCertificate {
  private readonly versions = new RuleVersions();

  constructor(
    private readonly certificates: Certificates,
    private readonly clock: WallClock,
    private readonly settings: CertificateSettings,
  ) {}

  /** @param before what it is now: as long as that is the same rule, an old certificate is good enough */
  async verdict(wanted: Wanted, before: ConfiguredStrategy | null = null): Promise<LiveVerdict> {
    const { rule } = wanted.configured;
    if (wanted.config.mode !== 'live' || rule === undefined) return { ok: true, version: null };
    return this.versioned(wanted, rule, async (version) => {
      const isKnown = before?.rule !== undefined && (await this.versions.of(before.rule, wanted.userId)) === version;
      return this.judge(wanted, rule, { version, isKnown });
    });
  }

  /**
   * Of a bot that was at work before this process began: the version that it was allowed with may go on without another word; a rule that
   * decides otherwise since, or whose code was changed, is asked for a certificate of its own.
   */
  async verdictAgain(wanted: Wanted, certified: string | null): Promise<LiveVerdict> {
    const { rule } = wanted.configured;
    if (wanted.config.mode !== 'live' || rule === undefined) return { ok: true, version: null };
    return this.versioned(wanted, rule, async (version) =>
      version === certified ? { ok: true, version } : this.judge(wanted, rule, { version, isKnown: false }),
    );
  }

  private async versioned(
    { userId }: Wanted,
    rule: Rule,
    judge: (version: string) => Promise<LiveVerdict>,
  ): Promise<LiveVerdict> {
    try {
      return await judge(await this.versions.of(rule, userId));
    } catch (error) {
      if (!(error instanceof StrategyLoops)) throw error;
      return { ok: false, refusal: error.wasTried ? loops(rule, error) : rests(rule, error), passing: !error.wasTried };
    }
  }

  private async judge(wanted: Wanted, rule: Rule, { version, isKnown }: Asked): Promise<LiveVerdict> {
    const newest = await this.certificates.newest(wanted.userId, version);
    const why = this.fault(newest, isKnown);
    if (why === null) return { ok: true, version };
    return {
      ok: false,
      refusal: notCertified(wanted, rule, `${why} (version ${version.slice(0, 12)})`),
      passing: false,
    };
  }

  private fault(newest: KeptCertificate | null, isKnown: boolean): string | null {
    if (newest === null) return 'the platform has not examined this rule with these parameters yet';
    if (!newest.valid) return `the platform refused this rule: ${newest.failedChecks.join(', ')}`;
    const { daysMax } = this.settings;
    const until = Timestamp.plus(newest.issuedAt, daysMax * day);
    if (isKnown || this.clock.now() <= until) return null;
    return `the certificate of this rule is older than ${daysMax} days`;
  }
}

interface Asked {
  readonly version: string;
  readonly isKnown: boolean;
}

const loops = ({ id }: Rule, { message }: StrategyLoops): Refusal =>
  refused(
    'STRATEGY_LOOPS',
    `${id} may not trade live: what its version is can not be told, ${message}`,
    'Mend the rule, or run it on demo or paper',
    { field: '/strategy', allowed: 'a rule that decides about each bar in time' },
  );

const rests = ({ id }: Rule, { message }: StrategyLoops): Refusal =>
  refused(
    'STRATEGY_RESTS',
    `what the version of ${id} is was not worked out: with other parameters ${message}`,
    'Wait ten minutes, then send it again.',
    { field: '/strategy' },
  );

function notCertified({ config, configured }: Wanted, rule: Rule, text: string): Refusal {
  const isCode = rule.file === undefined;
  const values = Object.entries(rule.parameters).map(([name, value]) => `--set ${name}=${String(value)}`);
  const timeframe = configured.measures.bars ?? '1m';
  const words = [`--strategy ${isCode ? rule.id : 'RULE.json'}`, ...values, `--instrument ${config.instrumentId}`];
  const command = `scalpstorm certificates request ${[...words, `--timeframe ${timeframe}`].join(' ')} --wait`;
  return refused(
    'STRATEGY_NOT_CERTIFIED',
    `${rule.id} may not trade live: ${text}`,
    `Run it on demo or paper, or: ${command}`,
    {
      field: '/strategy',
      allowed: 'a valid certificate of this version',
    },
  );
}
