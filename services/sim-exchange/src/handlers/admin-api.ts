import type { Exchange } from '../domain/exchange.js';
import { type FaultAdmin, readObject } from './fault-admin.js';
import type { FilterAdmin } from './filter-admin.js';
import type { RateLimitAdmin } from './rate-limit-admin.js';
import type { RestAnswer, RestRequest } from './rest-api.js';

const stepsMax = 10_000;

/** Switches for tests, only there with `--admin`. Errors name the field and what it may be. */
export class AdminApi {
  constructor(
    private readonly exchange: Exchange,
    private readonly switches: readonly (FaultAdmin | FilterAdmin | RateLimitAdmin)[],
    /** Moves a synthetic market by that many steps now; null where the market cannot be moved. */
    private readonly stepMarket: ((steps: number) => void) | null,
  ) {}

  handle(request: RestRequest): RestAnswer {
    for (const one of this.switches) {
      const answer = one.handle(request);
      if (answer !== null) return answer;
    }
    switch (`${request.method} ${request.path}`) {
      case 'GET /sim/orders':
        return this.ordersWith(new URLSearchParams(request.query).get('clientOrderId'));
      case 'POST /sim/market/step':
        return this.step(request.body);
      default:
        return refused(
          404,
          'SIM_NO_SUCH_ENDPOINT',
          'path',
          'GET|POST|DELETE /sim/faults, GET|POST /sim/limits, GET|POST /sim/filters, GET /sim/orders, POST /sim/market/step',
        );
    }
  }

  /** How many orders of the venue ever had that client id: more than one for one intent is the fault we test against. */
  private ordersWith(clientOrderId: string | null): RestAnswer {
    if (clientOrderId === null || clientOrderId === '')
      return refused(400, 'SIM_BAD_QUERY', 'clientOrderId', 'a client order id');
    const orders = this.exchange.allAccounts().flatMap((account) => account.ordersWith(clientOrderId));
    return ok({
      clientOrderId,
      orders: orders.length,
      orderIds: orders.map((order) => order.id),
      statuses: orders.map((order) => order.status),
    });
  }

  private step(body: string): RestAnswer {
    if (this.stepMarket === null)
      return refused(400, 'SIM_NOT_SYNTHETIC', 'market', 'a synthetic market; a recorded one follows its file');
    const steps = readObject(body)?.['steps'];
    if (typeof steps !== 'number' || !Number.isInteger(steps) || steps < 1 || steps > stepsMax) {
      return refused(400, 'SIM_BAD_STEPS', 'steps', `a whole number from 1 to ${stepsMax}`);
    }
    this.stepMarket(steps);
    return ok({ steps });
  }
}

const ok = (body: object): RestAnswer => ({ status: 200, body });
const refused = (status: number, code: string, field: string, allowed: string): RestAnswer => ({
  status,
  body: { code, field, allowed },
});
