import { accountChanged, activityLogged, orderChanged } from '@scalpstorm/contracts';
import { BotId, ClientOrderId, TradeId, UserId } from '@scalpstorm/model';
import {
  aBot,
  aFill,
  anAccount,
  anActivity,
  anOrder,
  anOrderRequest,
  eventually,
  type TestServers,
} from '@scalpstorm/testkit';
import { meta, TestPlatform } from './platform.js';

export const place = ['--account', 'demo', '--venue', 'sim', '--symbol', 'BTC-USDT', '--mode', 'demo'];
export const botId = BotId.of('bot_cli00001');
export const openOrder = ClientOrderId.forSlot({ botId, cycle: 0, leg: 'entry', attempt: 1 });
export const filledOrder = ClientOrderId.forSlot({ botId, cycle: 0, leg: 'entry', attempt: 2 });

export interface Furnished {
  readonly platform: TestPlatform;
  readonly userId: UserId;
  /** Of the first user, good for a while. */
  readonly token: string;
}

/** A platform whose first user is logged in, and has a bot, two orders, two fills and a line in the log. */
export async function furnished(servers: TestServers): Promise<Furnished> {
  const platform = await TestPlatform.start(servers);
  const token = await platform.setUp();
  const { code, stderr } = await platform.logIn();
  if (code !== 0) throw new Error(`could not log in: ${stderr}`);
  const userId = UserId.of(((await platform.json(['whoami'])) as { id: string }).id);
  await platform.announce(aBot({ id: botId, userId, config: { ...aBot().config, name: 'grid-eth' } }));
  await trade(platform, userId);
  await eventually(async () => {
    for (const [list, wanted] of [
      ['fills', 2],
      ['activity', 1],
      ['bots', 1],
    ] as const) {
      const { data } = (await platform.json([list])) as { data: unknown[] };
      if (data.length !== wanted) throw new Error(`${data.length} ${list} so far`);
    }
  });
  return { platform, userId, token };
}

async function trade({ speakers }: TestPlatform, userId: UserId): Promise<void> {
  const { bus } = speakers.execution;
  for (const [clientOrderId, status] of [
    [openOrder, 'partially-filled'],
    [filledOrder, 'filled'],
  ] as const) {
    const request = anOrderRequest({ userId, clientOrderId, botId });
    const fill = aFill({ clientOrderId, tradeId: TradeId.of(`t${clientOrderId}`) });
    const order = anOrder({ request, status, version: 1 });
    await bus.send(orderChanged, { meta: meta(), order, event: { kind: 'filled', fill } });
  }
  await bus.send(accountChanged, { meta: meta(), account: anAccount(), balances: [], positions: [] });
  const activity = anActivity({ userId, botId, level: 'INFO', text: 'two\nlines' });
  await speakers.strategy.bus.send(activityLogged, { meta: meta(), activity });
}
