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
    expect(await platform.json(['halt', '--scope', 'account:demo', '--level', 'cancel', '--yes'])).toMatchObject({
      ...{ state: 'halted', scope: 'account:demo', level: 'cancel' },
    });
    expect(await platform.json(['risk'])).toMatchObject({
      binding: { state: 'active' },
      platform: { state: 'active' },
    });
    expect(await platform.json(['risk', 'limits'])).toMatchObject({ data: expect.any(Array) });
  });

  it('waits until nothing is open, says what is, and ends with 1 when it is not proved in time', async () => {
    const flat = await platform.run(['halt', '--level', 'flatten', '--scope', 'account:demo', '--wait', '--yes']);
    expect(flat).toMatchObject({
      stdout: expect.stringMatching(/\nflat at .*: 0 open orders, 0 positions, 0 accounts/),
    });
    platform.services.onFlat = async ({ accountIds }) => ({
      accounts: accountIds.map((accountId) => ({
        ...{ accountId, code: 'TIMEOUT', text: 'the venue is silent', orders: [], positions: [] },
      })),
      halted: true,
    });
    expect(await platform.run(['halt-proof', 'account:demo'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^NOT PROVED at .*\n {2}unproven: demo: TIMEOUT: the venue is silent\. \S/),
    });
    expect(await platform.run(['halt-proof', 'account:demo', '--wait', '1'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('NOT_FLAT'),
    });
    expect(await platform.run(['halt', '--wait', '--yes'])).toMatchObject({ code: 2 });
  });
});
