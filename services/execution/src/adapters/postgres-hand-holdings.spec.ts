import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { BotId, ClientOrderId, Money, Quantity, TradeId, UserId, VenueOrderId } from '@scalpstorm/model';
import type { PostgresStore } from '@scalpstorm/store';
import { aFill, anOrderRequest, describeWithServers, FakeClock } from '@scalpstorm/testkit';
import { ScratchSchema } from '../../test/scratch-ledger.js';
import { PostgresHandHoldings } from './postgres-hand-holdings.js';
import type { PostgresLedger } from './postgres-ledger.js';

const { accountId, instrumentId } = anOrderRequest();
const ann = UserId.of('usr_ann');
const bob = UserId.of('usr_bob');
const occurredAt = Timestamp.fromMicros(1);

describeWithServers('what hands and plans hold, in Postgres', ({ postgresUrl }) => {
  let scratch: ScratchSchema;
  let store: PostgresStore;
  let writer: PostgresLedger;
  let trades: number;

  beforeEach(async () => {
    const clock = new FakeClock();
    scratch = new ScratchSchema(postgresUrl, () => clock.now());
    await scratch.migrate();
    store = scratch.store();
    writer = scratch.ledger(store);
    await writer.open(accountId);
    trades = 0;
  });

  afterEach(() => scratch.remove());

  async function traded(side: 'buy' | 'sell', quantity: string, fee: Money, of: { userId: UserId; botId?: BotId }) {
    trades += 1;
    const clientOrderId = ClientOrderId.of(`hand${trades}`);
    const request = anOrderRequest({ clientOrderId, side, quantity: Quantity.of(quantity), botId: null, ...of });
    const venueOrderId = VenueOrderId.of(`v${trades}`);
    const sending = { kind: 'sending', attempt: 1, expiresAt: occurredAt } as const;
    await writer.admit(request, { clientOrderId, events: [sending], occurredAt, causedBy: null });
    const told = { clientOrderId, side, instrumentId, quantity: request.quantity, fee, venueOrderId };
    const fill = aFill({ ...told, tradeId: TradeId.of(`${trades}`) });
    const events = [{ kind: 'accepted', venueOrderId } as const, { kind: 'filled', fill } as const];
    await writer.record({ clientOrderId, events, occurredAt, causedBy: null });
  }

  it('are summed for each user, less fees in base, and are together the position of no bot', async () => {
    const none = Money.of('0', 'USDT');
    await traded('buy', '0.5', Money.of('0.0005000000000001', 'BTC'), { userId: ann });
    await traded('sell', '0.1', Money.of('3', 'USDT'), { userId: ann });
    await traded('sell', '0.2', Money.of('-0.0000000000019', 'BTC'), { userId: bob });
    await traded('buy', '0.7', none, { userId: bob, botId: BotId.of('bot_00000001') });
    await traded('buy', '0.3', none, { userId: UserId.of('usr_flat') });
    await traded('sell', '0.3', none, { userId: UserId.of('usr_flat') });
    const held = await new PostgresHandHoldings(store).of(accountId);
    expect(held).toEqual([
      { userId: ann, instrumentId, quantity: Quantity.of('0.399499999999') },
      { userId: bob, instrumentId, quantity: Quantity.of('-0.199999999999') },
    ]);
    const position = writer.positions(accountId).find(({ botId }) => botId === null);
    expect(held.reduce((sum, { quantity }) => sum + quantity, 0n)).toBe(position?.quantity);
  });
});
