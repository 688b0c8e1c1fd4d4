import { Injectable } from '@nestjs/common';
import type { Refusal } from '@scalpstorm/contracts';
import { nearestFirst } from '@scalpstorm/kernel';
import { type BotConfig, type InstrumentId, Price, type UserId } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import { type ConfiguredStrategy, type ParameterFault, StrategyCatalogue } from '@scalpstorm/strategies';
import { refused } from '../domain/bot-name.js';
import type { Runnable } from '../domain/prepare.js';
import { Directory, Market } from '../ports/directory.js';
import { AskCertificate, certifiedBy } from './ask-certificate.js';

/** So many symbols are named to whoever asked for one that there is not. */
const symbolsNamed = 8;

export type CheckedConfig =
  | { readonly ok: true; readonly value: Runnable }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** Checks what a user configured against what there is now. */
@Injectable()
export class CheckConfig {
  constructor(
    private readonly directory: Directory,
    private readonly market: Market,
    private readonly clock: WallClock,
    private readonly certificate: AskCertificate,
    private readonly catalogue: StrategyCatalogue,
  ) {}

  /**
   * Venue, account, strategy and parameters; all faults at once. Then, live, whether the platform has examined the rule.
   * @param before of a bot that is edited: what it is now
   */
  async check(config: BotConfig, userId: UserId, before: ConfiguredStrategy | null = null): Promise<CheckedConfig> {
    const refusals: Refusal[] = [];
    const accountFault = await this.accountFault(config);
    if (accountFault) refusals.push(accountFault);
    const instrument = await this.directory.instrument(config.instrumentId, config.accountId);
    if (!instrument) refusals.push(this.unknownSymbol(config));
    const strategy = this.catalogue.all.get(config.strategy);
    if (!strategy) refusals.push(this.unknownStrategy(config.strategy));
    if (!instrument || !strategy) return { ok: false, refusals };
    const configured = strategy.configure(config.parameters, instrument, await this.lastPrice(config.instrumentId));
    if (!configured.ok) refusals.push(...configured.error.map(parameterRefusal));
    if (!configured.ok || refusals.length > 0) return { ok: false, refusals };
    const verdict = await this.certificate.verdict({ userId, config, configured: configured.value }, before);
    if (!verdict.ok) return { ok: false, refusals: [verdict.refusal] };
    return { ok: true, value: { configured: configured.value, instrument, ...certifiedBy(verdict) } };
  }

  /** As the bots hear it; else as market-data remembers it; null when nobody knows. */
  private async lastPrice(id: InstrumentId): Promise<Price | null> {
    const now = this.clock.now();
    const quote = this.market.quote(id, now);
    const heard =
      this.market.trade(id, now)?.price ?? (quote && Price.fromUnits((quote.bidPrice + quote.askPrice) / 2n));
    return heard ?? this.directory.lastPrice(id);
  }

  private async accountFault(config: BotConfig): Promise<Refusal | null> {
    const accounts = await this.directory.accounts();
    const account = accounts.find(({ id }) => id === config.accountId);
    if (!account) {
      return refused('UNKNOWN_ACCOUNT', `there is no account "${config.accountId}"`, 'Choose one of your accounts.', {
        field: '/account',
        allowed: accounts.map(({ id }) => id).join(', '),
      });
    }
    if (!config.instrumentId.startsWith(`${account.venue}:`)) {
      return refused('WRONG_VENUE', `account "${account.id}" is at ${account.venue}`, `Use venue "${account.venue}".`, {
        field: '/venue',
        allowed: account.venue,
      });
    }
    if (account.mode === config.mode) return null;
    return refused(
      'WRONG_MODE',
      `account "${account.id}" trades in mode ${account.mode}`,
      `Use mode "${account.mode}".`,
      { field: '/mode', allowed: account.mode },
    );
  }

  private unknownStrategy(id: string): Refusal {
    const there = { field: '/strategy', allowed: [...this.catalogue.all.keys()].join(', ') };
    const module = this.catalogue.refusalOf(id);
    if (module === null) {
      return refused('UNKNOWN_STRATEGY', `there is no strategy "${id}"`, 'Choose one from GET /v1/strategies.', there);
    }
    const text = `the module "${id}" was not loaded (${module.code}: ${module.text})`;
    const next = `Let the operator mend it (${module.next}) and start the strategy service again.`;
    return refused('STRATEGY_NOT_LOADED', text, next, there);
  }

  private unknownSymbol({ instrumentId }: BotConfig): Refusal {
    const [venue = '', symbol = ''] = instrumentId.split(':');
    const listed = this.directory.symbols(venue);
    const named = nearestFirst(symbol, listed, symbolsNamed);
    const more = listed.length > named.length ? ` and ${listed.length - named.length} more` : '';
    const [nearest] = named;
    const next = nearest === undefined ? '' : `Did you mean ${nearest}? `;
    return refused('UNKNOWN_SYMBOL', `${venue} has no "${symbol}"`, `${next}GET /v1/instruments lists all.`, {
      field: '/symbol',
      allowed: named.length === 0 ? `nothing: ${venue} lists no market now` : `${named.join(', ')}${more}`,
    });
  }
}

/** The place of a parameter within the whole body. */
export const placed = (field: string): string => `/parameters${field}`;

/** A fault of a parameter as a user sees it. */
const parameterRefusal = (fault: ParameterFault): Refusal => ({ ...fault, field: placed(fault.field) });
