import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome } from '@scalpstorm/bus';
import { type TradingStateChanged, tradingStateChanged } from '@scalpstorm/contracts';
import { type BotLifeEvent, strictestOf, type TradingInForce, untouched } from '@scalpstorm/engine';
import { second, Timestamp } from '@scalpstorm/kernel';
import { type Bot, type BotId, RiskScope } from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
import { type LiveBot, live } from '../domain/advance.js';
import { asked, eventOf } from './command-bots.js';
import { Fleet } from './fleet.js';
import { ofItself } from './order-sender.js';

/**
 * The gate enforces what was said; the bots show it as the reason of their state, and go on at once when it is over. Nothing depends on
 * hearing of it: whoever missed it is denied, or asks again within half a minute. A word that comes again, or late, after a newer one
 * of the same scope undoes nothing; the gate makes each later than the one before. What a halt does beside it the bots do when they hear of it, also
 * when whoever asked for it is gone; after a quarter of an hour somebody has to ask again.
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
  async onChanged({ meta, scope, state, text, level = 'halt' }: TradingStateChanged): Promise<Outcome> {
    const whose = RiskScope.format(scope);
    const known = this.newest.get(whose)?.since ?? null;
    if (known !== null && known > meta.occurredAt) return done;
    this.newest.set(whose, { scope, state, text, since: meta.occurredAt });
    this.log.info({ scope: whose, reason: text }, `trading is ${state}`);
    const within = this.fleet.all().filter(({ bot }) => scopesOf(bot).includes(whose));
    for (const { bot } of within) {
      const scopes = scopesOf(bot);
      const binding = this.binding(scopes);
      const next = live(bot, lifeEvent(binding, text), this.clock.now());
      if (next.ok && next.bot !== bot) this.fleet.setBot(bot.id, next.bot);
      if (binding.state === 'active') this.fleet.step(bot.id, { kind: 'released' }, ofItself);
    }
    const isLate = this.clock.now() > Timestamp.plus(meta.occurredAt, obeyedFor);
    if (state === 'halted' && level !== 'halt' && !isLate) {
      const ids = within.map(({ bot }) => bot.id).filter((botId) => this.obeys(botId, verbs[level]));
      await Promise.all(ids.map((botId) => this.fleet.writes.write(botId, `${meta.eventId}:${botId}`)));
    }
    return done;
  }

  /** False: it does so already, or has nothing to do. */
  private obeys(botId: BotId, verb: 'stop' | 'flatten'): boolean {
    const current = this.fleet.get(botId);
    if (current === null || isAtRest(current, verb)) return false;
    const next = live(current.bot, { kind: verb }, this.clock.now());
    if (!next.ok || next.bot === current.bot) return false;
    this.fleet.setBot(botId, next.bot, [asked(next.bot)]);
    this.fleet.step(botId, eventOf(verb), ofItself);
    return true;
  }

  private binding(scopes: readonly string[]): TradingInForce {
    const words = scopes.map((scope) => this.newest.get(scope)).filter((word) => word !== undefined);
    return strictestOf(words, untouched);
  }
}

const obeyedFor = 15 * 60 * second;
const verbs = { cancel: 'stop', flatten: 'flatten' } as const;

const isAtRest = ({ bot: { observed, totals } }: LiveBot, verb: 'stop' | 'flatten'): boolean =>
  (observed === 'stopped' || observed === 'error') && (verb === 'stop' || totals.held === 0n);

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
