import { MarketEar } from '@scalpstorm/execution/simulation';
import type { InstrumentId } from '@scalpstorm/model';

type Listener = Parameters<MarketEar['listen']>[1];

/** Whoever tells the market tells those that have begun to listen. */
export class SimMarketEar extends MarketEar {
  readonly listeners: Listener[] = [];

  async listen(_instrumentId: InstrumentId, listener: Listener): Promise<void> {
    this.listeners.push(listener);
  }
}
