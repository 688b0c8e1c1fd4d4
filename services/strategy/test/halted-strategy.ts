import { MemoryBroker, MemoryBus } from '@scalpstorm/bus/testing';
import type { TradingState } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { type Bot, type BotId, EventId, type HaltLevel, type Instrument, RiskScope } from '@scalpstorm/model';
import { HealthRegistry, Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { type ConfiguredStrategy, noMeasures } from '@scalpstorm/strategies';
import { aBot, anInstrument, FakeClock } from '@scalpstorm/testkit';
import { BusDirectory } from '../src/adapters/bus-directory.js';
import { MemoryMarket } from '../src/adapters/memory-market.js';
import { live } from '../src/domain/advance.js';
import { memoryFromJson, newMemory } from '../src/domain/memory.js';
import { Fleet } from '../src/handlers/fleet.js';
import { ObeyHalts, quietAfterStart } from '../src/handlers/obey-halts.js';
import { OrderSender, ofItself } from '../src/handlers/order-sender.js';
import { PrepareBot } from '../src/handlers/prepare-bot.js';
import { RestoreBots } from '../src/handlers/restore-bots.js';
import { TradingStateHandler } from '../src/handlers/trading-state.handler.js';
import { MemoryBotStore } from './memory-bot-store.js';
import { MemoryTradingHalts } from './memory-trading-halts.js';

const { id: botId } = aBot();
export const atWork = aBot({ desired: 'running', observed: 'running', reason: { code: 'RUNNING', text: '' } });

/** A strategy service with one bot, over a record that its deaths leave as it is. */
export class HaltedStrategy {
  readonly clock = new FakeClock();
  readonly began = this.clock.now();
  readonly bots = new MemoryBotStore();
  readonly halts = new MemoryTradingHalts();
  readonly log = new RecordingLog();
  /** What the strategy was told to end with, in every life. */
  readonly told: string[] = [];
  private life = this.born();

  constructor() {
    this.join(atWork);
    this.life.obeyHalts.start();
    this.life.obeyHalts.beforeApplicationShutdown();
    this.clock.advance(quietAfterStart);
  }

  /** Takes in another bot, in this life. */
  join(bot: Bot): void {
    this.life.fleet.join(bot, newMemory({}), this.runnable);
  }

  /** It is deleted. */
  leave(id: BotId): void {
    this.life.fleet.forget(id);
  }

  get bot() {
    const bot = this.life.fleet.get(botId)?.bot;
    return [bot?.desired, bot?.observed];
  }

  /** Of what is kept. */
  get record() {
    return this.bots.committed.at(-1)?.stored.bot.observed;
  }

  /** The gate said it so long after the beginning. */
  hear(after: number, state: TradingState, level: HaltLevel = 'halt', scope: RiskScope = RiskScope.platform) {
    const at = Timestamp.plus(this.began, after);
    const meta = { eventId: EventId.of('e1'), causedBy: null, occurredAt: at, recordedAt: at };
    return this.life.handler.onChanged({ meta, scope, state, text: '', level });
  }

  async pass(micros: number): Promise<void> {
    this.clock.advance(micros);
    await this.life.obeyHalts.round();
  }

  /** The bot comes to its end, and its user starts it again. */
  async startAgain(): Promise<void> {
    const { fleet } = this.life;
    fleet.step(botId, { kind: 'tick' }, ofItself);
    const current = fleet.get(botId)?.bot;
    const next = current && live(current, { kind: 'start' }, this.clock.now());
    if (next?.ok !== true) throw new Error('the bot does not start');
    fleet.setBot(botId, next.bot);
    await fleet.writes.write(botId);
  }

  async restart(): Promise<void> {
    await this.life.fleet.writes.write(botId);
    await this.die();
  }

  /** What was not written is gone. */
  async die(): Promise<void> {
    const kept = this.life.fleet.get(botId)?.bot;
    const stored = await this.bots.find(botId);
    this.life = this.born();
    const bot = stored?.stored.bot ?? kept;
    if (bot === undefined) throw new Error('there was no bot');
    this.life.fleet.join(bot, newMemory({}), this.runnable);
    this.life.restore.restore(botId);
    await this.life.obeyHalts.load();
    this.life.obeyHalts.start();
    this.life.obeyHalts.beforeApplicationShutdown();
  }

  /** What market-data says of the instrument, where nobody has stored it. */
  listing: Promise<Instrument | null> = Promise.resolve(null);

  /** The bot waits for its market, in this life. @param instrument as it was stored; null: it never was */
  setAside(instrument: Instrument | null = anInstrument()): void {
    const bot = this.life.fleet.get(botId)?.bot;
    if (bot === undefined) throw new Error('the bot does not run');
    this.life.fleet.forget(botId);
    const fault = { code: 'INSTRUMENT_UNKNOWN', text: '', next: '', passing: true };
    this.life.fleet.aside.set({ bot, memory: newMemory({}), instrument }, fault);
  }

  /** It looks whether those that wait can run by now. */
  takeBack(): Promise<void> {
    return this.life.restore.again();
  }

  get aside() {
    return this.life.fleet.aside.get(botId)?.bot.observed;
  }

  private get runnable() {
    const configured: ConfiguredStrategy = {
      warnings: [],
      measures: noMeasures,
      init: () => ({}),
      heedsMarket: () => false,
      step: (state, { kind }) => {
        if (kind === 'stop-asked' || kind === 'flatten-asked') this.told.push(kind);
        const reason = { code: 'STOPPED', text: '' };
        return { state, effects: kind === 'tick' ? [{ kind: 'reached', milestone: 'stopped', reason }] : [] };
      },
    };
    return { configured, instrument: anInstrument() };
  }

  private born() {
    const { bus } = new MemoryBus({ broker: new MemoryBroker(), speaker: 'strategy' });
    const { clock, log } = this;
    const orders = new OrderSender(bus, { isHeld: true }, clock, log);
    const directory = Object.assign(new BusDirectory(bus), { instrument: () => this.listing });
    const prepare: PrepareBot['prepare'] = async ({ state }) => {
      return { ok: true, memory: memoryFromJson(state), runnable: this.runnable };
    };
    const preparing = Object.assign(new PrepareBot(), { prepare });
    const around = [new MemoryMarket(), directory, clock, log, new Metrics('strategy')] as const;
    const fleet = new Fleet(orders, this.bots, ...around, undefined, undefined, preparing);
    const obeyHalts = new ObeyHalts(fleet, this.halts, clock, log);
    const handler = new TradingStateHandler(fleet, obeyHalts, clock, log);
    return { fleet, obeyHalts, handler, restore: new RestoreBots(fleet, log, new HealthRegistry()) };
  }
}

/** It was away while the gate spoke, and is just up again. */
export async function backAfter(micros: number): Promise<HaltedStrategy> {
  const scene = new HaltedStrategy();
  scene.clock.advance(micros);
  await scene.restart();
  return scene;
}
