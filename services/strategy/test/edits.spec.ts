import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { BotCommand } from '@scalpstorm/contracts';
import type { BotId } from '@scalpstorm/model';
import { describeWithServers } from '@scalpstorm/testkit';
import { botOf, codesOf, configOf, owner, StrategyWorld } from './strategy-world.js';

type Edit = Extract<BotCommand, { kind: 'edit' }>;

describeWithServers('edits that meet', (servers) => {
  let world: StrategyWorld;
  let next = 0;
  beforeAll(async () => {
    world = await StrategyWorld.open(servers);
    await world.startService();
  });
  afterAll(() => world?.close());

  const created = async () => {
    next += 1;
    return botOf(await world.create(configOf({ name: `edited-${next}` })));
  };
  const merge = (botId: BotId, parameters: Edit['parameters'], more: Partial<Edit> = {}) => {
    const commandId = world.commandId();
    return world.ask({ kind: 'edit', commandId, userId: owner, botId, name: null, parameters, merge: true, ...more });
  };

  it('of different parameters are both kept, whoever comes first', async () => {
    const { id, config } = await created();
    const answers = await Promise.all([
      merge(id, { quantity: '0.02' }),
      merge(id, { buyPrice: { fixed: '49000' } }),
      merge(id, {}, { name: 'renamed-meanwhile' }),
    ]);
    expect(answers.flatMap(codesOf)).toEqual([]);
    const { config: after } = botOf(await merge(id, {}));
    expect(after.name).toBe('renamed-meanwhile');
    expect(after.parameters).toEqual({ ...config.parameters, quantity: '0.02', buyPrice: { fixed: '49000' } });
  });

  it('are refused when they were made to a version that is not the newest', async () => {
    const { id, version } = await created();
    const first = botOf(await merge(id, { quantity: '0.02' }, { expectedVersion: version }));
    expect(first.version).toBeGreaterThan(version);
    const second = await merge(id, { quantity: '0.03' }, { expectedVersion: version });
    expect(second).toMatchObject({
      ok: false,
      refusals: [{ code: 'VERSION_CHANGED', field: '/version', allowed: String(first.version) }],
    });
    expect(botOf(await merge(id, {}, { expectedVersion: first.version })).config.parameters['quantity']).toBe('0.02');
    expect(codesOf(await merge(id, {}, { expectedVersion: first.version + 100 }))).toEqual(['VERSION_CHANGED']);
  });

  it('of one version: exactly one of two is carried out', async () => {
    const { id, version: expectedVersion } = await created();
    const both = [
      merge(id, { quantity: '0.02' }, { expectedVersion }),
      merge(id, { quantity: '0.03' }, { expectedVersion }),
    ];
    expect((await Promise.all(both)).flatMap(codesOf)).toEqual(['VERSION_CHANGED']);
  });

  it('are not outdated by what the bot itself does', async () => {
    const { id, version: expectedVersion } = await created();
    const started = botOf(await world.verb(id, 'start'));
    expect(started.version).toBeGreaterThan(expectedVersion);
    expect(codesOf(await merge(id, { quantity: '0.02' }, { expectedVersion }))).toEqual([]);
    botOf(await world.verb(id, 'stop'));
  });

  it('that want the same name: one gets it', async () => {
    const bots = [await created(), await created()];
    const answers = await Promise.all(bots.map(({ id }) => merge(id, {}, { name: 'wanted-by-both' })));
    expect(answers.flatMap(codesOf)).toEqual(['NAME_TAKEN']);
  });
});
