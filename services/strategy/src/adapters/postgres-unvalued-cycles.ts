import type { Cycle } from '@scalpstorm/model';
import type { Store } from '@scalpstorm/store';
import { type CyclePlace, UnvaluedCycles } from '../ports/unvalued-cycles.js';
import { type CycleRow, cycleFromRow } from './cycle-rows.js';

export class PostgresUnvaluedCycles extends UnvaluedCycles {
  constructor(private readonly store: Store) {
    super();
  }

  async page(after: CyclePlace | null, most: number): Promise<readonly Cycle[]> {
    const rows = await this.store.sql<CycleRow[]>`
      select cycles.* from cycles join bots on bots.id = cycles.bot_id
      where cycles.other_fees @> '[{"value": null}]' and bots.deleted_at_us is null
        and (cycles.bot_id, cycles.number) > (${after?.botId ?? ''}, ${after?.number ?? 0})
      order by cycles.bot_id, cycles.number limit ${most}`;
    return rows.map(cycleFromRow);
  }
}
