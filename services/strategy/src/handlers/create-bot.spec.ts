import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryBroker, MemoryBus } from '@scalpstorm/bus/testing';
import type { BotAnswer } from '@scalpstorm/contracts';
import { type BotConfig, UserId } from '@scalpstorm/model';
import { Metrics, SystemClock } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { scalpingCycle } from '@scalpstorm/strategies';
import { aBot, anInstrument, eventually } from '@scalpstorm/testkit';
import { MemoryBotStore } from '../../test/memory-bot-store.js';
import { BusDirectory } from '../adapters/bus-directory.js';
import { MemoryMarket } from '../adapters/memory-market.js';
import type { CheckConfig, CheckedConfig } from './check-config.js';
import { CreateBot } from './create-bot.js';
import { Fleet } from './fleet.js';
import { OrderSender } from './order-sender.js';

const { userId, config: usual } = aBot();
const stranger = UserId.of('user_2');
const configOf = (name: string): BotConfig => ({ ...usual, name });
const codesOf = (answer: BotAnswer) => (answer.ok ? 'created' : answer.refusals.map(({ code }) => code).join());

describe('creating bots', () => {
  let bots: MemoryBotStore;
  let create: (name: string, owner?: UserId) => Promise<BotAnswer>;

  beforeEach(() => {
    bots = new MemoryBotStore();
    const instrument = anInstrument();
    const parameters = { quantity: '0.01', buyPrice: { fixed: '50000' }, sellPrice: { fixed: '51000' } };
    const configured = scalpingCycle.configure(parameters, instrument);
    if (!configured.ok) throw new Error(JSON.stringify(configured.error));
    const sound: CheckedConfig = { ok: true, value: { configured: configured.value, instrument } };
    const wrong: CheckedConfig = {
      ok: false,
      refusals: [{ code: 'UNKNOWN_ACCOUNT', field: '', text: '', allowed: '', next: '' }],
    };
    const check = {
      check: async ({ name }: BotConfig) => (name === 'wrong' ? wrong : sound),
    } as unknown as CheckConfig;
    const [clock, log] = [new SystemClock(), new RecordingLog()];
    const { bus } = new MemoryBus({ broker: new MemoryBroker(), speaker: 'strategy' });
    const orders = new OrderSender(bus, { isHeld: true }, clock, log);
    const directory = new BusDirectory(bus);
    const fleet = new Fleet(orders, bots, new MemoryMarket(), directory, clock, log, new Metrics('strategy'));
    const handler = new CreateBot(fleet, bots, check, clock, { botsPerUserMax: 3 });
    create = (name, owner = userId) =>
      handler.create({ kind: 'create', commandId: `create ${name}`, userId: owner, config: configOf(name) });
  });

  it('those of one user are written without waiting for each other, and are no more than he may have', async () => {
    bots.hold();
    const all = ['one', 'two', 'three', 'four', 'five'].map((name) => create(name));
    await eventually(() => expect(bots.begun).toBe(3));
    bots.release();
    const answers = (await Promise.all(all)).map(codesOf);
    expect(answers).toEqual(['created', 'created', 'created', 'TOO_MANY_BOTS', 'TOO_MANY_BOTS']);
    expect(codesOf(await create('six'))).toBe('TOO_MANY_BOTS');
    expect(codesOf(await create('six', stranger))).toBe('created');
  });

  it('one that is refused, or could not be written, takes no place', async () => {
    const wrong = create('wrong');
    const sound = ['one', 'two'].map((name) => create(name));
    expect((await Promise.all([wrong, ...sound])).map(codesOf)).toEqual(['UNKNOWN_ACCOUNT', 'created', 'created']);
    bots.failWith(new Error('the database is away'));
    await expect(create('lost')).rejects.toThrow('away');
    bots.failWith(null);
    expect(codesOf(await create('three'))).toBe('created');
  });
});
