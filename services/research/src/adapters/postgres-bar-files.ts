import type { Timestamp } from '@scalpstorm/kernel';
import type { Store } from '@scalpstorm/store';
import type { BarsWanted } from '../domain/bars-wanted.js';
import { type BarFile, BarFiles } from '../ports/bar-files.js';

/** Bars that were fetched before, in the schema of research. */
export class PostgresBarFiles extends BarFiles {
  constructor(
    private readonly store: Store,
    private readonly bytesMax: number,
  ) {
    super();
  }

  async find({ instrumentId, timeframe, from, to }: BarsWanted, now: Timestamp): Promise<BarFile | null> {
    const [row] = await this.store.statement(
      (sql) => sql<{ sha256: string; gzip: Uint8Array }[]>`
        update bar_files set used_at = ${now}
        where instrument_id = ${instrumentId} and timeframe = ${timeframe} and from_us = ${from} and to_us = ${to}
        returning sha256, gzip`,
    );
    return row === undefined ? null : { sha256: row.sha256, gzip: row.gzip };
  }

  async keep(wanted: BarsWanted, { sha256, gzip }: BarFile, now: Timestamp): Promise<void> {
    if (gzip.length > this.bytesMax) return;
    const { instrumentId, timeframe, from, to } = wanted;
    await this.store.transaction(async (tx) => {
      await tx`
        insert into bar_files (instrument_id, timeframe, from_us, to_us, sha256, gzip, used_at)
        values (${instrumentId}, ${timeframe}, ${from}, ${to}, ${sha256}, ${Buffer.from(gzip)}, ${now})
        on conflict (instrument_id, timeframe, from_us, to_us) do nothing`;
      await tx`
        delete from bar_files where (instrument_id, timeframe, from_us, to_us) in (
          select instrument_id, timeframe, from_us, to_us from (
            select *, sum(length(gzip)) over (order by used_at desc, instrument_id, timeframe, from_us, to_us) as bytes
            from bar_files
          ) newest_first where bytes > ${this.bytesMax})`;
    });
  }
}
