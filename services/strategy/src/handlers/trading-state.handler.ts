import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome } from '@scalpstorm/bus';
import { type TradingStateChanged, tradingStateChanged } from '@scalpstorm/contracts';
import type { BotLifeEvent, TradingInForce } from '@scalpstorm/engine';
import { type Bot, RiskScope } from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
import { live } from '../domain/advance.js';
import { Fleet } from './fleet.js';
import { isIn, ObeyHalts, scopesOf } from './obey-halts.js';
import { ofItself } from './order-sender.js';

/**
 * The gate enforces what was said; the bots show it as the reason of their state, and go on at once when it is over. Nothing depends on
 * hearing of it: whoever missed it is denied, or asks again within half a minute. A word that comes again, or late, after a newer one
 * of the same scope undoes nothing; the gate makes each later than the one before. What a halt does beside it the bots do (`ObeyHalts`),
 * also when whoever asked for it is gone, for as long as it stands.
 */
@Controller()
export class TradingStateHandler {
  constructor(
    private readonly fleet: Fleet,
    private readonly obeyHalts: ObeyHalts,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  @Hears(tradingStateChanged)
  async onChanged({ meta, scope, state, text, level = 'halt' }: TradingStateChanged): Promise<Outcome> {
    if (!this.obeyHalts.hear({ scope, state, text, level, since: meta.occurredAt })) return done;
    const whose = RiskScope.format(scope);
    this.log.info({ scope: whose, reason: text }, `trading is ${state}`);
    for (const { bot } of this.fleet.all()) if (isIn(bot, whose)) this.show(bot, text);
    await this.obeyHalts.obey(scope);
    return done;
  }

  /** @param text of what was said last */
  private show(bot: Bot, text: string): void {
    const binding = this.obeyHalts.over(scopesOf(bot));
    const next = live(bot, lifeEvent(binding, text), this.clock.now());
    if (next.ok && next.bot !== bot) this.fleet.setBot(bot.id, next.bot);
    if (binding.state === 'active') this.fleet.step(bot.id, { kind: 'released' }, ofItself);
  }
}

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
