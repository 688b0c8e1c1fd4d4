import { ok, type Result } from '@scalpstorm/kernel';
import { ClientOrderId, isFinal, type JsonObject, Price, Quantity } from '@scalpstorm/model';
import {
  type BarColumns,
  defineStrategy,
  type Strategy,
  type StrategyContext,
  type WantedOrder,
} from '@scalpstorm/strategies';
import type { BacktestFault } from '../../fault.js';
import type { Certificate } from '../certificate.js';
import { certifyPlacing } from './certify-placing.js';
import { instrumentAround } from './market-around.js';

// What the specs plant: a strategy that buys one at the market and sells it again, as it is told at each trade.

export type Wish = 'buy' | 'sell' | null;

export interface Memory {
  /** Plain JSON; written down with the rest. */
  kept: JsonObject;
}

/** Made once a configuration; hears of each trade, its price as a number. */
export type Planted = () => (price: number, context: StrategyContext, memory: Memory) => Wish;

interface State extends JsonObject {
  readonly cycle: number;
  readonly held: boolean;
  readonly waits: boolean;
  readonly kept: JsonObject;
}

export function planted(make: Planted, id = 'planted'): Strategy {
  const strategy = defineStrategy<ReturnType<Planted>, State>({
    id,
    title: 'Planted',
    description: '',
    schema: {},
    check: () => ok({ parameters: make(), warnings: [] }),
    init: () => ({ cycle: 0, held: false, waits: false, kept: {} }),
    step: (state, event, context, wishOf) => {
      if (event.kind === 'order-changed' && isFinal(event.order.status)) {
        const isExit = event.order.request.side === 'sell';
        return { state: { ...state, waits: false, held: !isExit, cycle: state.cycle + (isExit ? 1 : 0) }, effects: [] };
      }
      if (event.kind !== 'trade') return { state, effects: [] };
      const memory = { kept: state.kept };
      const wish = wishOf(Number(Price.format(event.trade.price)), context, memory);
      const next = { ...state, kept: memory.kept };
      if (state.waits || wish === null || (wish === 'buy') === state.held) return { state: next, effects: [] };
      const order = orderOf(state, wish, context);
      return { state: { ...next, waits: true }, effects: [{ kind: 'place', order, ask: 0 }] };
    },
  });
  return strategy;
}

function orderOf({ cycle }: State, side: 'buy' | 'sell', { botId }: StrategyContext): WantedOrder {
  const slot = { botId, cycle, leg: side === 'buy' ? 'entry' : 'exit', attempt: 0 } as const;
  return {
    slot,
    clientOrderId: ClientOrderId.forSlot(slot),
    side,
    type: 'market',
    quantity: Quantity.of('1'),
    price: null,
    timeInForce: 'IOC',
    purpose: side === 'buy' ? 'open' : 'close',
  };
}

export function examined(
  strategy: Strategy,
  bars: BarColumns,
  parameters: JsonObject = {},
): Result<Certificate, BacktestFault> {
  const instrument = instrumentAround(bars.open[0] as number, parameters);
  const hashes = { version: () => 'v', codeHash: null, dataHash: 'd' };
  return certifyPlacing({ strategy, parameters, instrument, ...hashes, bars, seed: 1 });
}
