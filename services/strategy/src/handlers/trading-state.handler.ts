import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome } from '@scalpstorm/bus';
import { type TradingStateChanged, tradingStateChanged } from '@scalpstorm/contracts';
import { type BotLifeEvent, strictestOf, type TradingInForce, untouched } from '@scalpstorm/engine';
import { type Bot, RiskScope } from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
import { live } from '../domain/advance.js';
import { Fleet } from './fleet.js';
import { ofItself } from './order-sender.js';

/**
 * The gate enforces what was said; the bots show it as the reason of their state, and go on at once when it is over. Nothing depends on
 * hearing of it: whoever missed it is denied, or asks again within half a minute. A word that comes again, or late, after a newer one
 * of the same scope undoes nothing; the gate makes each later than the one before.
 */
@Controller()
export class TradingStateHandler {
  /** Of every scope of which something was ever said. */
  private readonly newest = new Map<string, TradingInForce>();

  constructor(
    private readonly fleet: Fleet,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  @Hears(tradingStateChanged)
  async onChanged({ meta, scope, state, text }: TradingStateChanged): Promise<Outcome> {
    const whose = RiskScope.format(scope);
    const known = this.newest.get(whose)?.since ?? null;
    if (known !== null && known > meta.occurredAt) return done;
    this.newest.set(whose, { scope, state, text, since: meta.occurredAt });
    this.log.info({ scope: whose, reason: text }, `trading is ${state}`);
    for (const { bot } of this.fleet.all()) {
      const scopes = scopesOf(bot);
      if (!scopes.includes(whose)) continue;
      const binding = this.binding(scopes);
      const next = live(bot, lifeEvent(binding, text), this.clock.now());
      if (next.ok && next.bot !== bot) this.fleet.setBot(bot.id, next.bot);
      if (binding.state === 'active') this.fleet.step(bot.id, { kind: 'released' }, ofItself);
    }
    return done;
  }

  private binding(scopes: readonly string[]): TradingInForce {
    const words = scopes.map((scope) => this.newest.get(scope)).filter((word) => word !== undefined);
    return strictestOf(words, untouched);
  }
}

const scopesOf = ({ id, userId, config: { accountId, instrumentId } }: Bot): readonly string[] =>
  RiskScope.all({ instrumentId, userId, accountId, botId: id }).map(RiskScope.format);

const does = {
  reducing: {
    code: 'TRADING_REDUCING',
    what: 'only reduces',
    effect: 'only what brings a position toward zero is ordered until it is released',
  },
  halted: { code: 'TRADING_HALTED', what: 'is halted', effect: 'nothing new is ordered until it is released' },
} as const;

function lifeEvent({ state, scope, text }: TradingInForce, released: string): BotLifeEvent {
  const why = state === 'active' ? released : text;
  const words = why === '' ? '' : ` (${why})`;
  if (state === 'active') {
    return { kind: 'released', reason: { code: 'TRADING_RELEASED', text: `Trading goes on${words}.` } };
  }
  const { code, what, effect } = does[state];
  const whose = scope.kind === 'platform' || scope.kind === 'user' ? '' : ` for the ${scope.kind} ${scope.id}`;
  const another = true;
  return {
    kind: 'halted',
    another,
    reason: { code, text: `Trading ${what}${whose}${words}: ${effect}; flatten still works.` },
  };
}
