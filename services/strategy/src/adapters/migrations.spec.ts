import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { instrumentFromJson } from '@scalpstorm/contracts';
import { type JsonObject, Money } from '@scalpstorm/model';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { migrate, schemaName } from '@scalpstorm/store';
import { anInstrument, describeWithServers, uniqueNamespace } from '@scalpstorm/testkit';
import postgres from 'postgres';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));

describeWithServers('the migrations of strategy', ({ postgresUrl: url }) => {
  it('keep the instruments of bots that were stored in an older form', async () => {
    const schema = schemaName(uniqueNamespace(), 'strategy');
    const early = await mkdtemp(join(tmpdir(), 'strategy-migrations-'));
    const sql = postgres(url, { max: 1, onnotice: () => undefined, connection: { search_path: schema } });
    const older = {
      ...{ id: 'sim:BTC-USDT', venue: 'sim', symbol: 'BTC-USDT', base: 'BTC', quote: 'USDT', status: 'trading' },
      ...{ tickSize: '0.01', priceMin: '0.01', priceMax: '1000000', stepSize: '0.00001', quantityMin: '0.00001' },
      ...{ quantityMax: '9000', marketQuantityMax: '9000', marketStepSize: '0.00001', marketQuantityMin: '0.00001' },
      ...{ notionalMin: '5', marketNotionalMax: null, makerFeeRate: '0.001', takerFeeRate: '0.001' },
    };
    try {
      for (const name of await readdir(folder)) if (name < '006') await cp(join(folder, name), join(early, name));
      await migrate({ url, schema, folder: early, log: new RecordingLog() });
      const instruments = [older, { ...older, marketNotionalMax: '9000000' }, null];
      for (const [index, instrument] of instruments.entries()) {
        await sql`insert into bots select given.* from jsonb_populate_record(null::bots, ${sql.json({
          ...{ id: `bot_${index}`, user_id: 'u', name: `${index}`, strategy: 's', account_id: 'demo', mode: 'demo' },
          ...{ instrument_id: 'sim:BTC-USDT', parameters: {}, state: {}, instrument, desired: 'stopped' },
          ...{ observed: 'stopped', reason_code: '', reason_text: '', since_us: 1, created_at_us: 1, version: 1 },
          ...{ cycles: 0, fills: 0, pnl: '0', fees: '0', held: '0', currency: 'USDT' },
        })}) given`;
      }
      await migrate({ url, schema, folder, log: new RecordingLog() });
      const rows = await sql<{ instrument: JsonObject | null }[]>`select instrument from bots order by id`;
      expect(rows.map(({ instrument }) => instrument && instrumentFromJson(instrument))).toEqual([
        anInstrument(),
        anInstrument({ marketNotionalMax: Money.of('9000000', 'USDT') }),
        null,
      ]);
    } finally {
      await sql.unsafe(`drop schema if exists ${schema} cascade`);
      await sql.end();
      await rm(early, { recursive: true });
    }
  });
});
