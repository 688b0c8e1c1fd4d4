import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome } from '@scalpstorm/bus';
import { type TradingStateChanged, tradingStateChanged } from '@scalpstorm/contracts';
import type { BotLifeEvent } from '@scalpstorm/engine';
import { Log, WallClock } from '@scalpstorm/observability';
import { live } from '../domain/advance.js';
import { Fleet } from './fleet.js';
import { ofItself } from './order-sender.js';

/**
 * The gate enforces a halt; the bots show it as the reason of their state, and go on at once when it is over. Nothing depends on
 * hearing of it: whoever missed it is denied, or asks again within half a minute.
 */
@Controller()
export class TradingStateHandler {
  constructor(
    private readonly fleet: Fleet,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  @Hears(tradingStateChanged)
  async onChanged({ userId, state, text }: TradingStateChanged): Promise<Outcome> {
    this.log.info({ userId, reason: text }, `trading is ${state}`);
    const event = lifeEvent(state, text);
    for (const { bot } of this.fleet.all()) {
      if (userId !== null && bot.userId !== userId) continue;
      const next = live(bot, event, this.clock.now());
      if (next.ok && next.bot !== bot) this.fleet.setBot(bot.id, next.bot);
      if (state === 'active') this.fleet.step(bot.id, { kind: 'released' }, ofItself);
    }
    return done;
  }
}

function lifeEvent(state: TradingStateChanged['state'], why: string): BotLifeEvent {
  const words = why === '' ? '' : ` (${why})`;
  if (state === 'active') {
    return { kind: 'released', reason: { code: 'TRADING_RELEASED', text: `Trading goes on${words}.` } };
  }
  const text = `Trading is halted${words}: nothing new is ordered until it is released; flatten still works.`;
  return { kind: 'halted', reason: { code: 'TRADING_HALTED', text } };
}
