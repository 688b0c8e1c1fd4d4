import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { NoAnswer } from '@scalpstorm/bus';
import type { BotId } from '@scalpstorm/model';
import { HealthRegistry, Log } from '@scalpstorm/observability';
import { wish } from '../domain/advance.js';
import { Fleet } from './fleet.js';
import { ofItself } from './order-sender.js';

const pauseMs = 200;

/** Start-up is recovery: load every bot, and let each ask again for what it had no answer to. */
@Injectable()
export class RestoreBots {
  private restored = false;

  constructor(
    private readonly fleet: Fleet,
    private readonly log: Log,
    health: HealthRegistry,
  ) {
    health.register('bots', async () => {
      if (!this.restored) throw new Error('bots are not loaded yet');
    });
  }

  /** Before any event is heard. Waits for market-data only where a bot's instrument was never written down. */
  async run(): Promise<void> {
    for (let waited = false; !this.restored; waited = true) {
      try {
        await this.fleet.load();
        this.restored = true;
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        if (!waited) this.log.warn({ code: error.code }, 'instruments are not known yet; waiting for market-data');
        await delay(pauseMs);
      }
    }
    for (const { bot } of this.fleet.all()) this.restore(bot.id);
  }

  /** Those that could not be run so far, one after another: what ends this leaves none that runs and was not restored. @throws NoAnswer */
  async again(): Promise<void> {
    for (const botId of this.fleet.waiting()) {
      if (!(await this.fleet.tryAgain(botId))) continue;
      this.restore(botId);
      this.log.info({ botId }, 'a bot that was left out runs');
    }
  }

  /**
   * It hears of the restart, then at once what is wanted of it, then what was kept for it; all of that changes nothing where it
   * knows already. What ended in error opens nothing before its user starts it: its strategy may have been cut off at work and know
   * nothing of that end. What it holds is looked after.
   */
  restore(botId: BotId): void {
    if (this.fleet.get(botId)?.bot.observed === 'error') this.fleet.step(botId, { kind: 'paused' }, ofItself);
    this.fleet.step(botId, { kind: 'restored' }, ofItself);
    const bot = this.fleet.get(botId)?.bot;
    const wanted = bot ? wish(bot) : null;
    if (wanted) this.fleet.step(botId, wanted, ofItself);
    this.fleet.tellKept(botId);
  }
}
