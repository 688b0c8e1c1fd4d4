import { afterEach, expect, it } from '@jest/globals';
import { BotService, RiskService } from '@scalpstorm/contracts/api';
import { describeWithServers } from '@scalpstorm/testkit';
import { BothDoors } from './both-doors.js';
import { GatewayRig, type Member } from './gateway-rig.js';

const { halt, release } = RiskService.method;

/** Of a user and of an address, in ten seconds. */
const ofUser = { REQUESTS_PER_SECOND_PER_USER: '1' };
const ofAddress = { REQUESTS_PER_SECOND_PER_ADDRESS: '1' };

describeWithServers('the brake of somebody who has asked too much, on real servers', (servers) => {
  let rig: GatewayRig;
  let doors: BothDoors;
  let owner: Member;

  async function open(limits: Readonly<Record<string, string>>): Promise<void> {
    rig = await GatewayRig.start(servers, { ...limits, GRPC_PORT: '0' });
    doors = new BothDoors(rig);
    owner = await rig.setUp();
  }
  afterEach(async () => {
    doors.close();
    await rig.close();
  });

  const look = () => rig.ask('GET', '/v1/bots', { token: owner.token });
  /** Whichever window of the limit it is: until it is used up. */
  async function usedUp(): Promise<void> {
    for (let tries = 0; tries < 200; tries += 1) if ((await look()).status === 429) return;
    throw new Error('nothing was refused');
  }

  it.each([
    ['user', ofUser],
    ['address', ofAddress],
  ])('works at both doors while every other request of the %s is refused', async (_, limits) => {
    await open(limits);
    for (let round = 0; round < 2; round += 1) {
      await usedUp();
      for (const [path, rpc] of [
        ['/v1/halt', halt],
        ['/v1/release', release],
      ] as const) {
        const answered = await doors.ask({ http: ['POST', path, {}], rpc, grpc: {} }, owner);
        expect([path, answered.overHttp.status, answered.overGrpc.code]).toEqual([path, 200, 0]);
      }
    }
    // The others are refused at the other door, too, with the same code.
    await usedUp();
    const listed = await doors.overGrpc(BotService.method.listBots, {}, owner);
    // A window may have ended just now.
    if (listed.code !== 0) expect(listed.trailers.get('scalpstorm-code')).toEqual(['RATE_LIMITED']);
  });

  it('has a bound of its own, and says how much of it is left', async () => {
    await open({});
    const press = () => rig.ask('POST', '/v1/halt', { token: owner.token, body: {} });
    const first = await press();
    expect(first.headers.get('ratelimit-policy')).toBe('"brake-address";q=100;w=10, "brake-user";q=20;w=10');
    expect(first.headers.get('ratelimit')).toMatch(/^"brake-address";r=\d+;t=\d+, "brake-user";r=\d+;t=\d+$/);
    const looked = await look();
    expect(looked.headers.get('ratelimit-policy')).toBe('"address";q=3000;w=10, "user";q=1000;w=10');
    let refused = await press();
    // Again where a window ended in between.
    for (let round = 0; round < 20 && refused.status === 200; round += 1) {
      const answers = await Promise.all(Array.from({ length: 25 }, press));
      refused = answers.find(({ status }) => status !== 200) ?? refused;
    }
    expect(refused).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
    expect(refused.headers.get('ratelimit')).toContain('"brake-user";r=0;t=');
    expect((await look()).status).toBe(200);
  });
});
