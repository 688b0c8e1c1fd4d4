import type { Timestamp } from '@scalpstorm/kernel';
import { type Bot, cycleExits, type Mode, Money, modes, observedStates } from '@scalpstorm/model';
import type { Metrics } from '@scalpstorm/observability';
import type { StrategyEvent } from '@scalpstorm/strategies';
import type { Advanced } from '../domain/advance.js';

/** What the platform shows of all bots; nothing here is of one bot, and money of different modes or currencies is never summed. */
export class FleetMetrics {
  private readonly stepSeconds;
  private readonly decisionSeconds;
  private readonly cycles;

  constructor(
    private readonly metrics: Metrics,
    bots: () => Iterable<Bot>,
  ) {
    this.stepSeconds = metrics.histogram({
      name: 'strategy_step_seconds',
      help: 'One event through one bot, of which something came.',
      labels: ['event'],
    });
    this.decisionSeconds = metrics.histogram({
      name: 'strategy_decision_seconds',
      help: 'From the market event, by the clock of market-data, to the request that rests on it.',
    });
    this.cycles = metrics.counter({
      name: 'cycles_total',
      help: 'Cycles completed since the start of the process.',
      labels: ['mode', 'exit'],
    });
    for (const mode of modes) for (const exit of cycleExits) this.cycles.inc({ mode, exit }, 0);
    this.showBots(bots);
    this.showMoney(bots);
  }

  stepped(event: StrategyEvent['kind'], beganMs: number): void {
    this.stepSeconds.observe({ event }, (performance.now() - beganMs) / 1e3);
  }

  said({ cycles, placements }: Advanced, marketAt: Timestamp | null, now: Timestamp): void {
    for (const { mode, exit } of cycles) this.cycles.inc({ mode, exit });
    if (marketAt === null) return;
    for (const _ of placements) this.decisionSeconds.observe(Math.max(0, now - marketAt) / 1e6);
  }

  private showBots(bots: () => Iterable<Bot>): void {
    this.metrics.gauge({
      name: 'bots',
      help: 'Bots by mode and observed state.',
      labels: ['mode', 'state'],
      collect: (gauge) => {
        for (const mode of modes) for (const state of observedStates) gauge.set({ mode, state }, 0);
        for (const { config, observed } of bots()) gauge.inc({ mode: config.mode, state: observed });
      },
    });
  }

  private showMoney(bots: () => Iterable<Bot>): void {
    const show = (name: string, help: string, of: (bot: Bot) => Money) =>
      this.metrics.gauge({
        name,
        help: `${help} of the bots that exist; never to be summed over modes or currencies.`,
        labels: ['mode', 'currency'],
        collect: (gauge) => {
          gauge.reset();
          for (const { mode, sum } of sumsOf(bots(), of)) {
            gauge.set({ mode, currency: sum.currency }, Number(Money.format(sum)));
          }
        },
      });
    show('bot_pnl', 'Net PnL of the completed cycles', ({ totals }) => totals.pnl);
    show('bot_fees', 'Fees of the completed cycles', ({ totals }) => totals.fees);
  }
}

interface ModeSum {
  readonly mode: Mode;
  readonly sum: Money;
}

/** Exact until it is shown. */
function sumsOf(bots: Iterable<Bot>, of: (bot: Bot) => Money): Iterable<ModeSum> {
  const sums = new Map<string, ModeSum>();
  for (const bot of bots) {
    const [money, { mode }] = [of(bot), bot.config];
    const key = `${mode} ${money.currency}`;
    const known = sums.get(key);
    sums.set(key, { mode, sum: known ? Money.plus(known.sum, money) : money });
  }
  return sums.values();
}
