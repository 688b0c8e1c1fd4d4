import type { AccountId } from '@scalpstorm/model';
import { UntoldOrders } from '../src/ports/untold-orders.js';

export class MemoryUntoldOrders extends UntoldOrders {
  open = 0;
  private onRefused: (accountId: AccountId) => void = () => {};

  async count(): Promise<number> {
    return this.open;
  }

  follow(onRefused: (accountId: AccountId) => void): void {
    this.onRefused = onRefused;
  }

  refuse(accountId: AccountId): void {
    this.open += 1;
    this.onRefused(accountId);
  }
}
