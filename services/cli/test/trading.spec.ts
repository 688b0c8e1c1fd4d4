import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { UserId } from '@scalpstorm/model';
import { describeWithServers } from '@scalpstorm/testkit';
import { filledOrder, furnished, openOrder } from './furnished.js';
import type { TestPlatform } from './platform.js';

describeWithServers('scalpstorm orders, holdings and the emergency brake', (servers) => {
  let platform: TestPlatform;
  let userId: UserId;

  beforeAll(async () => {
    ({ platform, userId } = await furnished(servers));
  });
  afterAll(() => platform.close());

  describe('orders and holdings', () => {
    it('are listed, paged and filtered', async () => {
      const page = (await platform.json(['orders', 'list', '--limit', '1'])) as { data: unknown[]; nextCursor: string };
      expect(page).toMatchObject({ hasMore: true, data: [{ clientOrderId: expect.any(String) }] });
      const rest = await platform.json(['orders', '--after', page.nextCursor, '--limit', '1']);
      expect(rest).toMatchObject({ hasMore: false });
      const open = await platform.json(['orders', '--status', 'open', '--bot', 'grid-eth', '--all']);
      expect(open).toMatchObject({ data: [{ clientOrderId: openOrder }] });
      expect((await platform.run(['fills'])).stdout.trimEnd().split('\n')).toHaveLength(3);
      expect(await platform.json(['positions'])).toMatchObject({ data: [] });
      expect(await platform.json(['balances'])).toMatchObject({ data: [] });
      expect(await platform.json(['accounts'])).toMatchObject({ data: [{ id: 'demo' }] });
      expect(await platform.json(['instruments'])).toMatchObject({ data: [{ id: 'sim:BTC-USDT' }] });
    });

    it('an open order is canceled, one that is over is refused', async () => {
      expect(await platform.json(['orders', 'cancel', openOrder])).toEqual({
        results: [{ order: openOrder, canceling: true }],
      });
      const over = await platform.run(['orders', 'cancel', filledOrder]);
      expect(over).toMatchObject({ code: 3, stderr: expect.stringContaining('ORDER_FINAL') });
      expect(await platform.run(['orders', 'cancel', '--all', '--yes'])).toMatchObject({
        code: 0,
        stdout: `${openOrder}: cancel asked\n`,
      });
    });

    it('an order is shown with its life', async () => {
      expect(await platform.json(['orders', 'show', filledOrder])).toMatchObject({
        status: 'filled',
        events: [{ kind: 'filled' }],
      });
    });
  });

  it('halts and releases when that was confirmed', async () => {
    const halted = await platform.run(['halt', '--reason', 'storm', '--yes']);
    expect(halted).toMatchObject({ code: 0, stdout: expect.stringMatching(/^trading is halted since .*: storm\n$/) });
    expect(platform.services.riskCommands.at(-1)).toMatchObject({ kind: 'halt', userId, text: 'storm' });
    expect(await platform.json(['release', '--yes', '--platform'])).toMatchObject({ state: 'active' });
    expect(platform.services.riskCommands.at(-1)).toMatchObject({ kind: 'release', userId: null });
    expect(await platform.json(['risk'])).toMatchObject({
      binding: { state: 'active' },
      platform: { state: 'active' },
    });
    expect(await platform.json(['risk', 'limits'])).toMatchObject({ data: expect.any(Array) });
  });
});
