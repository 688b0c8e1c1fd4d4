import { Injectable } from '@nestjs/common';
import { NoAnswer } from '@scalpstorm/bus';
import { HealthRegistry, Log, WallClock } from '@scalpstorm/observability';
import { live } from '../domain/advance.js';
import { Fleet } from './fleet.js';

const pauseMs = 200;

/** Start-up is recovery: load every bot, and let each ask again for what it had no answer to. */
@Injectable()
export class RestoreBots {
  private restored = false;

  constructor(
    private readonly fleet: Fleet,
    private readonly clock: WallClock,
    private readonly log: Log,
    health: HealthRegistry,
  ) {
    health.register('bots', async () => {
      if (!this.restored) throw new Error('bots are not loaded yet');
    });
  }

  /** Waits for market-data, which alone knows the instruments; the service is not ready until then. */
  async run(): Promise<void> {
    while (!this.restored) {
      try {
        await this.fleet.load();
        this.restored = true;
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        this.log.warn({ code: error.code }, 'instruments are not known yet; waiting for market-data');
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
    for (const { bot } of this.fleet.all()) {
      if (bot.observed === 'stopped') continue;
      const next = live(bot, { kind: 'restarted' }, this.clock.now());
      if (next.ok && next.bot !== bot) this.fleet.setBot(bot.id, next.bot);
      this.fleet.step(bot.id, { kind: 'restored' }, { eventId: null, marketAt: null });
    }
  }
}
