import type { Bus } from '@scalpstorm/bus';
import { type InstrumentsReply, instrumentsQuestion } from '@scalpstorm/contracts';
import { type HandHolding, HandHoldings } from '@scalpstorm/execution/simulation';
import { type AccountId, type Price, Quantity } from '@scalpstorm/model';
import { changeOf } from '../checks/exposure.js';
import { wrapped } from '../mutants/wrapped.js';
import type { Database } from './database.js';
import type { ExecutionDatabase } from './execution-database.js';
import { theInstrument } from './stage.js';

/** What the statement of `PostgresHandHoldings` sums, over what was committed. */
export class SimHandHoldings extends HandHoldings {
  constructor(
    private readonly database: Database,
    private readonly rows: ExecutionDatabase,
  ) {
    super();
  }

  of(_accountId: AccountId): Promise<readonly HandHolding[]> {
    return this.database.read(() => {
      const sums = new Map<HandHolding['userId'], Quantity>();
      for (const fill of this.rows.fills.values()) {
        const request = this.rows.orders.get(fill.clientOrderId)?.tracked.order.request;
        if (request === undefined || request.botId !== null) continue;
        sums.set(request.userId, Quantity.plus(sums.get(request.userId) ?? Quantity.zero, changeOf(fill)));
      }
      const all = [...sums].map(([userId, quantity]) => ({ userId, instrumentId: theInstrument.id, quantity }));
      return all.filter(({ quantity }) => quantity !== 0n);
    });
  }
}

/** The same bus, on which market-data answers what is listed. */
export function listingBus(bus: Bus, price: () => Price): Bus {
  const ask = async (question: unknown): Promise<InstrumentsReply> => {
    if (question !== instrumentsQuestion) throw new Error('only market-data is asked');
    const { id: instrumentId } = theInstrument;
    return { instruments: [theInstrument], lastPrices: [{ instrumentId, price: price() }] };
  };
  return wrapped<Bus>(bus, { ask: ask as Bus['ask'] });
}
