import { type Bus, NoAnswer, newMeta } from '@scalpstorm/bus';
import { activityLogged, botQuestion, riskQuestion, type TradingState } from '@scalpstorm/contracts';
import type { BotId, UserId } from '@scalpstorm/model';
import type { Log, WallClock } from '@scalpstorm/observability';
import { lines, refusalText } from '../domain/chat-replies.js';
import { commandIdOf, type Intent } from '../domain/intent.js';
import type { Formatted } from '../domain/markup.js';
import type { Confirmation } from '../ports/confirmations.js';

const askMs = 5_000;
/** The command id makes a repeat harmless, so a lost answer is asked for again. */
const asksMax = 3;
const atOnceMax = 8;

/** Asks the services that decide, with the same questions as the gateway asks them. */
export class CarryOut {
  constructor(
    private readonly bus: Bus,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  /** Null: nobody answered. */
  async tradingState(userId: UserId): Promise<{ state: TradingState; text: string } | null> {
    try {
      const commandId = `telegram:${userId}:state`;
      const answer = await this.bus.ask(riskQuestion, { kind: 'state', commandId, userId, text: '' }, askMs);
      return answer.ok ? answer.value : null;
    } catch (error) {
      if (error instanceof NoAnswer) return null;
      throw error;
    }
  }

  /** One line a bot; what was not answered is said to be unknown, because it is. */
  async intent({ userId, commandId, intent }: Confirmation): Promise<Formatted[]> {
    const said =
      intent.kind === 'halt'
        ? await this.halt(userId, commandId, intent.text)
        : await this.tellBots(userId, commandId, intent);
    await this.record(userId, intent, said);
    return lines(...said);
  }

  private async halt(userId: UserId, commandId: string, text: string): Promise<string[]> {
    const why = text === '' ? 'halted over Telegram' : text;
    const answer = await this.asked(() =>
      this.bus.ask(riskQuestion, { kind: 'halt', commandId, userId, text: why }, askMs),
    );
    if (answer === null)
      return ['The risk gate did not answer: it is NOT known whether trading is halted. Ask /status, and halt again.'];
    if (!answer.ok) return [refusalText(answer.refusals)];
    return [`Trading is HALTED for all your bots: ${why}. Release it in the dashboard.`];
  }

  private async tellBots(
    userId: UserId,
    commandId: string,
    { verb, bots }: Extract<Intent, { kind: 'bots' }>,
  ): Promise<string[]> {
    const said: string[] = [];
    for (let from = 0; from < bots.length; from += atOnceMax) {
      const group = bots.slice(from, from + atOnceMax);
      said.push(
        ...(await Promise.all(group.map(({ id, name }) => this.tellBot({ userId, commandId, verb }, id, name)))),
      );
    }
    return said;
  }

  private async tellBot(
    { userId, commandId, verb }: { userId: UserId; commandId: string; verb: Extract<Intent, { kind: 'bots' }>['verb'] },
    botId: BotId,
    name: string,
  ): Promise<string> {
    const command = { kind: 'verb' as const, commandId: commandIdOf(commandId, botId), userId, botId, verb };
    const answer = await this.asked(() => this.bus.ask(botQuestion, command, askMs));
    if (answer === null) return `${name}: no answer, it is not known whether it will ${verb}. Look at /bots.`;
    if (!answer.ok) return `${name}: ${refusalText(answer.refusals)}`;
    return `${name}: ${answer.value.observed}`;
  }

  private async asked<T>(ask: () => Promise<T>): Promise<T | null> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        if (attempt >= asksMax) return null;
      }
    }
  }

  /** What was done over Telegram stands in the activity log; that it could not be written there undoes nothing. */
  private async record(userId: UserId, intent: Intent, said: readonly string[]): Promise<void> {
    const what = intent.kind === 'halt' ? 'halt' : `${intent.verb} ${intent.bots.map(({ name }) => name).join(', ')}`;
    const botId = intent.kind === 'bots' && intent.bots.length === 1 ? (intent.bots[0]?.id ?? null) : null;
    const text = `Over Telegram: ${what}`.slice(0, 500);
    const data = { said: said.slice(0, 20) };
    const activity = { level: 'TELEGRAM' as const, code: 'TELEGRAM_COMMAND', text, userId, botId, data };
    try {
      await this.bus.send(activityLogged, { meta: newMeta(this.clock, null), activity });
    } catch (error) {
      this.log.warn({ error }, 'a command over Telegram could not be written into the activity log');
    }
  }
}
