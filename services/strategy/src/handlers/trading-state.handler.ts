import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome } from '@scalpstorm/bus';
import { type TradingState, type TradingStateChanged, tradingStateChanged } from '@scalpstorm/contracts';
import type { BotLifeEvent } from '@scalpstorm/engine';
import type { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
import { live } from '../domain/advance.js';
import { Fleet } from './fleet.js';
import { ofItself } from './order-sender.js';

/**
 * The gate enforces a halt; the bots show it as the reason of their state, and go on at once when it is over. Nothing depends on
 * hearing of it: whoever missed it is denied, or asks again within half a minute. A word that comes again, or late, after a newer one
 * of the same whole undoes nothing; the gate makes each later than the one before.
 */
@Controller()
export class TradingStateHandler {
  /** Of the platform (null) and of each user who was ever halted. */
  private readonly newest = new Map<UserId | null, { readonly state: TradingState; readonly at: Timestamp }>();

  constructor(
    private readonly fleet: Fleet,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  @Hears(tradingStateChanged)
  async onChanged({ meta, userId, state, text }: TradingStateChanged): Promise<Outcome> {
    const known = this.newest.get(userId);
    if (known && known.at > meta.occurredAt) return done;
    this.newest.set(userId, { state, at: meta.occurredAt });
    this.log.info({ userId, reason: text }, `trading is ${state}`);
    const event = lifeEvent(state, text);
    for (const { bot } of this.fleet.all()) {
      if (userId !== null && bot.userId !== userId) continue;
      // The other halt still holds.
      if (state === 'active' && this.isHalted(bot.userId)) continue;
      const next = live(bot, event, this.clock.now());
      if (next.ok && next.bot !== bot) this.fleet.setBot(bot.id, next.bot);
      if (state === 'active') this.fleet.step(bot.id, { kind: 'released' }, ofItself);
    }
    return done;
  }

  private isHalted(userId: UserId): boolean {
    return [null, userId].some((whose) => this.newest.get(whose)?.state === 'halted');
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
