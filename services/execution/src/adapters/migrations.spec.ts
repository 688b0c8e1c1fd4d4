import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { migrate } from '@scalpstorm/store';
import { describeWithServers, FakeClock } from '@scalpstorm/testkit';
import { ScratchSchema } from '../../test/scratch-ledger.js';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));

describeWithServers('the migrations of execution', ({ postgresUrl }) => {
  it('bring the running sums of a schema that has a past up to date', async () => {
    const clock = new FakeClock();
    const scratch = new ScratchSchema(postgresUrl, () => clock.now());
    const early = await mkdtemp(join(tmpdir(), 'execution-migrations-'));
    try {
      for (const name of ['001_orders.sql', '002_fill_marks.sql']) await cp(join(folder, name), join(early, name));
      await migrate({ url: postgresUrl, schema: scratch.schema, folder: early, log: new RecordingLog() });
      const { sql } = scratch.store();
      await sql`insert into orders (client_order_id, account_id, user_id, instrument_id, mode, side, type, quantity, time_in_force, purpose,
          status, filled_quantity, filled_notional, notional_currency, fees, version, attempt, created_at_us, updated_at_us)
        select id, 'demo', 'u', 'sim:BTC-USDT', 'demo', 'buy', 'limit', 1, 'GTC', 'open', 'filled', 1, 1, 'USDT', '[]', 1, 1, at, at
          from (values ('a', 20), ('b', 10)) as given (id, at)`;
      await sql`insert into fills (account_id, instrument_id, trade_id, client_order_id, venue_order_id, side, price, quantity, fee,
          fee_currency, liquidity, occurred_at_us)
        values ('demo', 'sim:BTC-USDT', '1', 'a', 'v', 'buy', 50000.01, 0.002, 0.000002, 'BTC', 'maker', 1),
               ('demo', 'sim:BTC-USDT', '2', 'b', 'v', 'sell', 50001, 0.001, 0.05, 'USDT', 'taker', 2)`;
      await scratch.migrate();
      expect([...(await sql`select currency, amount::text from cash_flows order by 1`)]).toEqual([
        { currency: 'BTC', amount: '0.000998' },
        { currency: 'USDT', amount: '-50.04902' },
      ]);
      expect([...(await sql`select instrument_id, since_us from traded_instruments`)]).toEqual([
        { instrument_id: 'sim:BTC-USDT', since_us: 10n },
      ]);
    } finally {
      await scratch.remove();
      await rm(early, { recursive: true });
    }
  });
});
